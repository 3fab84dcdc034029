# What goes to workers with the description of their rows: the formula, the conditions on rows, and
# functions that open connections, with all that these refer to, as it is in this session.

# A list of spec, source (with functions that find what they refer to), and session: what the
# worker's own session has to have meanwhile, see as_in_session().
to_travel <- function(spec, source) {
  functions <- vapply(source, is.function, NA)
  walk <- walk_references(c(items_of_spec(spec), lapply(source[functions], item_of, globalenv())))
  homes <- homes_of(walk)
  spec$env <- homes(spec$env)
  environment(spec$formula) <- homes(environment(spec$formula))
  spec$call[c("data", "workers", "control", "start")] <- NULL
  source[functions] <- lapply(source[functions], rehomed, homes)
  list(spec = spec, source = source, session = session_for(walk, homes))
}

# The formula, and what else is evaluated for each chunk of rows.
items_of_spec <- function(spec) {
  extra <- as.list(spec$call)[c("subset", "weights", "offset")]
  action <- spec$call$na.action
  if (is.null(action)) action <- getOption("na.action")
  c(
    items_of(c(spec$formula, extra), environment(spec$formula)),
    list(item_of(action, spec$env))
  )
}

# A family with a link of the user's: its functions, with what they refer to in the workspace in an
# environment of their own.
family_to_travel <- function(family) {
  functions <- unclass(family)[link_functions]
  walk <- walk_references(lapply(functions, item_of, globalenv()))
  workspace <- new.env(parent = globalenv())
  homes <- homes_of(walk, workspace)
  list2env(session_for(walk, homes)$values, workspace)
  family[link_functions] <- lapply(functions, rehomed, homes)
  family
}

# A function from environments to those that travel. Frames of functions may hold anything: a copy
# has what is needed of them. Objects that are environments go as they are; and so does everything
# where code may look up any name. workspace: what stands for it there.
homes_of <- function(walk, workspace = globalenv()) {
  homes <- vector("list", length(walk$places))
  home_of <- function(env) {
    if (identical(env, globalenv())) return(workspace)
    if (walk$dynamic || !is.null(package_of(env)) || identical(env, emptyenv())) return(env)
    place <- Position(function(place) identical(place, env), walk$places)
    if (is.na(place)) return(home_of(parent.env(env)))
    if (walk$whole[place]) return(env)
    if (is.null(homes[[place]])) {
      homes[[place]] <<- new.env(parent = home_of(parent.env(env)))
      values <- as.list(walk$found[[place]], all.names = TRUE)
      for (name in names(values)) assign(name, rehomed(values[[name]], home_of), homes[[place]])
    }
    homes[[place]]
  }
  home_of
}

# A function, or a list of some, with the environments that travel. What a generic function knows of
# its methods is in its own.
rehomed <- function(value, homes) {
  if (is.function(value)) {
    if (!is.primitive(value) && !isS4(value)) environment(value) <- homes(environment(value))
    return(value)
  }
  if (!is.list(value) || !any(rapply(value, function(f) TRUE, "function", FALSE, "unlist"))) {
    return(value)
  }
  replace(value, seq_along(value), lapply(unclass(value), rehomed, homes))
}

# list(values, options, variables): objects of the workspace and of attached packages;
# options; variables of the environment.
session_for <- function(walk, homes) {
  workspace <- vapply(walk$places, identical, NA, globalenv())
  attached <- !workspace & !vapply(walk$places, function(env) is.null(attr(env, "name")), NA)
  found <- c(walk$found[workspace], if (walk$dynamic) globalenv(), walk$found[attached])
  values <- unlist(lapply(found, as.list, all.names = TRUE), recursive = FALSE)
  kept <- !duplicated(names(values)) & !names(values) %in% ".Random.seed"
  spec <- if (exists("Sys.getenv", walk$names)) ls(walk$names)
  names <- c("TZ", intersect(spec, names(Sys.getenv())))
  list(
    values = lapply(values[kept], rehomed, homes), options = Filter(is.atomic, options()),
    variables = Sys.getenv(names, NA, names = TRUE)
  )
}

# --- the worker's side ---------------------------------------------------------------------------

# Evaluates with what a session has, and leaves the worker's own as it was.
as_in_session <- function(session, expr) {
  workspace <- globalenv()
  names <- as.character(names(session$values))
  before <- mget(names[vapply(names, exists, NA, workspace, inherits = FALSE)], workspace)
  settings <- names(session$options)
  options <- stats::setNames(lapply(settings, getOption), settings)
  variables <- Sys.getenv(names(session$variables), NA, names = TRUE)
  on.exit({
    rm(list = intersect(names, ls(workspace, all.names = TRUE)), envir = workspace)
    list2env(before, workspace)
    options(options)
    set_variables(variables)
  })
  list2env(session$values, workspace)
  options(session$options)
  set_variables(session$variables)
  expr
}

set_variables <- function(variables) {
  Sys.unsetenv(names(variables)[is.na(variables)])
  set <- variables[!is.na(variables)]
  if (length(set)) do.call(Sys.setenv, as.list(set))
}
