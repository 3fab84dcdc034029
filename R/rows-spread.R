# Sources whose partitions are read by workers: each reads its own, over connections that it opens
# itself, and keeps the encoded rows. What they have seen is put together here, as if the partitions
# had been the chunks of one source.

# As encoded_rows(), with a `handle` that says that the rows are with workers: until the fit is
# done, when those forget them.
spread_rows <- function(engine, source, spec, model, cache) {
  going <- to_travel(spec, source)
  part <- list(
    spec = going$spec, session = going$session, coding = model$coding,
    family = model$family$family, cache = cache
  )
  read <- read_parts(engine, going$source, part)
  source$kinds <- read$source$kinds
  seen <- read$seen
  used <- which(!vapply(seen, is.null, NA))
  if (length(used) == 0L) check_has_rows(0L)
  engine$parts <- engine$parts[used]
  engine$owner <- engine$owner[used]
  all <- in_environment(Reduce(merge_seen, seen[used]), environment(spec$formula))
  check_no_bases(all$plan)
  again <- list(
    source = source, spec = spec, coding = model$coding, family = model$family, cache = cache
  )
  list(
    handle = list2env(list(
      engine = engine, again = again, rows = all$rows, read_again = read_again
    )),
    seen = all
  )
}

# What is seen of the parts, and the source: read again where some part asks for wider kinds.
read_parts <- function(engine, source, part) {
  repeat {
    sources <- split_source(source)
    key <- new_key()
    engine$parts <- lapply(seq_along(sources), function(i) {
      c(list(data = key, number = i, source = sources[[i]]), part)
    })
    place_partitions(engine, length(sources), function(i) engine$parts[[i]])
    read <- ask(engine, list(what = "read"))
    wider <- wider_kinds(lapply(read, `[[`, "kinds"))
    if (length(wider) == 0L) return(list(seen = lapply(read, `[[`, "seen"), source = source))
    source <- with_kinds(source, wider)
  }
}

are_with_workers <- function(handle) !is.null(handle$engine) && !isTRUE(handle$engine$closed)

# The file of the rows that workers had: of the same codes, as what they have seen has been put
# together in the order of the partitions.
read_again <- function(handle) {
  here <- do.call(encoded_rows, handle$again)$handle
  check_same_rows(here, handle$rows)
  handle$here <- here  # whose file goes with it
  handle$path <- here$path
  handle$file <- here$file
}

check_same_rows <- function(handle, rows) {
  if (cache_facts(handle)$rows == rows) return(invisible())
  rows_gone("the source no longer has the rows of the fit.")
}

check_no_bases <- function(plan) {
  if (length(plan$bases) == 0L) return(invisible())
  input_error(
    quoted(names(plan$bases)[1L]), " depends on all the rows, which no worker has: fit without ",
    "`workers`, or make it a column of the source."
  )
}

# What answers for a source's rows, a function of a request. problem: see problem_of().
source_answerer <- function(engine, problem) {
  wanted <- problem[intersect(c("model", "leave_out", "threads"), names(problem))]
  wanted$rows <- rows_to_travel(problem$rows)
  wanted$model["penalty"] <- list(NULL)  # which workers know nothing of
  if (!identical(engine$rows, wanted)) {
    place_partitions(engine, length(engine$parts), function(i) c(engine$parts[[i]], wanted),
      owner = engine$owner
    )
    engine$rows <- wanted
  }
  function(request) ask(engine, request)
}

# Without terms, which know the frame that the formula was written in.
rows_to_travel <- function(rows) {
  design <- rows$design[c("rows", "names", "labels", "variables", "largest", "terms")]
  levels <- lapply(unclass(rows$prototype), levels_of)
  list(
    design = design, levels = levels[names(rows$prototype)], response = rows$response,
    offset = rows$offset
  )
}

# f(part) for each partition, where its rows are; part: see source_part().
over_partitions <- function(rows, problem, f) {
  source_answerer(rows$handle$engine, problem)(list(what = "run", run = f))
}

# --- what was seen, put together -----------------------------------------------------------------

# seen: see encode_frame().
merge_seen <- function(a, b) {
  same <- identical(names(a$variables), names(b$variables)) &&
    identical(a$offset$names, b$offset$names)
  if (!same) different_columns()
  a$variables <- Map(merge_variables, a$variables, b$variables, names(a$variables))
  a$response <- merge_responses(a$response, b$response)
  if (!is.null(a$offset)) a$offset$any <- a$offset$any || b$offset$any
  if (!is.null(b$excluded)) a$excluded <- c(a$excluded, a$rows + a$omitted + b$excluded)
  for (name in c("rows", "omitted", "read")) a[[name]] <- a[[name]] + b[[name]]
  a
}

merge_variables <- function(a, b, name) {
  if (a$kind != b$kind || !identical(a$columns, b$columns)) {
    input_error(
      "predictor `", name, "` is of different kinds in partitions of the source: give ",
      "`colClasses`, or convert it in the formula."
    )
  }
  if (a$kind == "number") {
    a$largest <- pmax(a$largest, b$largest)
    return(a)
  }
  a[c("words", "counts", "sets")] <- merge_dictionaries(a, b)
  a
}

merge_dictionaries <- function(a, b) {
  words <- union(a$words, b$words)
  list(
    words = words,
    counts = of_words(a$counts, a$words, words) + of_words(b$counts, b$words, words),
    sets = unique(c(a$sets, b$sets))
  )
}

# Numbers for some of the words, as numbers for all.
of_words <- function(numbers, words, all) {
  out <- numeric(length(all))
  out[match(words, all)] <- numbers
  out
}

merge_responses <- function(a, b) {
  columns <- c("y", "category", "complement", "weights", "trials", "classes", "name")
  if (!identical(a[columns], b[columns])) different_columns()
  if (!is.null(a$dictionary)) {
    words <- union(a$dictionary$words, b$dictionary$words)
    a$by_code <- of_words(a$by_code, a$dictionary$words, words) +
      of_words(b$by_code, b$dictionary$words, words)
    a$dictionary <- merge_dictionaries(a$dictionary, b$dictionary)
  } else if (!is.null(a$by_code)) {
    a$by_code <- a$by_code + b$by_code
  }
  for (name in c("n_ok", "total", "successes", "saturated", "entropy")) {
    if (!is.null(a[[name]])) a[[name]] <- a[[name]] + b[[name]]
  }
  a$largest_weight <- max(a$largest_weight, b$largest_weight)
  a$single <- a$single && b$single
  a
}

# --- what travels ---------------------------------------------------------------------------------

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

# A function, or a list of some, with the environments that travel, and without the text of the file
# in which it was written. What a generic function knows of its methods is in its own.
rehomed <- function(value, homes) {
  if (is.function(value)) {
    if (is.primitive(value) || isS4(value)) return(value)
    environment(value) <- homes(environment(value))
    return(utils::removeSource(value))
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
