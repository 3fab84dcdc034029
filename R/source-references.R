# What expressions depend on besides the columns they name: it goes with them to workers, and tells
# a kept cache from another one.
#
# A walk goes through code and, from name to value, through what the code refers to: every name is
# looked up where it would be looked up when the code runs, in the function's own environment. A
# walk is an environment of
#   key       a text that two walks share where they have met the same, in the same order
#   names     those that were met, as names of an environment
#   places    the environments in which names were found
#   found     for each place an environment of the values that were found in it, by their names
#   whole     does all that a place holds matter, as of an object that is an environment?
#   unsure    what keeps the walk from knowing all, in words
#   dynamic   may code look up any name, so that it takes all that there is?
#   ahead     what is still to be visited: list(item, the rest)

walk_references <- function(items) {
  walk <- list2env(list(
    key = "", names = new.env(), places = list(), found = list(), whole = logical(),
    met = new.env(), unsure = character(), dynamic = FALSE, ahead = NULL
  ))
  visit_later(walk, items)
  repeat {
    while (!is.null(walk$ahead)) {
      item <- walk$ahead[[1L]]
      walk$ahead <- walk$ahead[[2L]]
      visit(walk, item)
    }
    visit_later(walk, methods_of(walk))
    if (is.null(walk$ahead)) break
  }
  walk
}

# what: code or a value; env: where its names are looked up; bound: names that are arguments there.
item_of <- function(what, env, bound = character()) list(what = what, env = env, bound = bound)

# An argument that is left empty cannot be handed on.
items_of <- function(parts, env, bound = character()) {
  attributes(parts) <- NULL
  symbols <- which(vapply(parts, is.symbol, NA))
  empty <- symbols[!nzchar(as.character(parts[symbols]))]
  parts[empty] <- list(NULL)
  lapply(parts, item_of, env, bound)
}

visit_later <- function(walk, items) for (item in rev(items)) walk$ahead <- list(item, walk$ahead)

visit <- function(walk, item) {
  what <- item$what
  switch(typeof(what),
    symbol = visit_symbol(walk, item),
    language = visit_call(walk, item),
    closure = visit_function(walk, what),
    builtin = , special = note_text(walk, "primitive", deparse(what)),
    environment = visit_environment(walk, item),
    list = , pairlist = , expression = visit_parts(walk, item, as.list(unclass(what))),
    S4 = visit_object(walk, item),
    `NULL` = note_text(walk, "NULL"),
    logical = , integer = , double = , complex = , raw = , character = visit_values(walk, item),
    {
      note_text(walk, typeof(what))
      note_unsure(walk, "compiled code, a connection or the like")
    }
  )
}

note_text <- function(walk, ...) walk$key <- checksum_of(c(walk$key, ...))

note_unsure <- function(walk, ...) walk$unsure <- unique(c(walk$unsure, paste0(...)))

note_package <- function(walk, package) note_text(walk, "package", package, version_of(package))

version_of <- function(package) {
  tryCatch(as.character(utils::packageVersion(package)), error = function(e) "none")
}

# --- code ----------------------------------------------------------------------------------------

visit_symbol <- function(walk, item) {
  name <- as.character(item$what)
  note_text(walk, "name", name)
  if (grepl("^[.][.]([.]|[0-9]+)$", name)) {
    walk$dynamic <- TRUE
    return(note_unsure(walk, "`", name, "`"))
  }
  if (nzchar(name) && !name %in% item$bound) look_up(walk, name, item$env)
}

visit_call <- function(walk, item) {
  call <- item$what
  name <- if (is.symbol(call[[1L]])) as.character(call[[1L]]) else ""
  if (name == "function") {
    return(visit_definition(walk, call[[2L]], call[[3L]], item$env, item$bound))
  }
  if (name %in% c("::", ":::")) return(visit_export(walk, call))
  note_text(walk, "call", length(call), names(call))
  attributes(call) <- NULL
  parts <- as.list(call)
  if (name %in% c("$", "@") && is.symbol(call[[3L]])) {
    note_text(walk, "part", as.character(call[[3L]]))
    parts <- parts[1:2]
  }
  if (nzchar(name)) {
    parts <- parts[-1L]
    note_text(walk, "function", name)
    found <- look_up(walk, name, item$env, "function")
    if (found == "package") judge_call(walk, name, call, item$env)
  }
  visit_later(walk, items_of(parts, item$env, item$bound))
}

visit_definition <- function(walk, arguments, body, env, bound) {
  note_text(walk, "arguments", names(arguments))
  bound <- c(bound, names(arguments))
  visit_later(walk, items_of(c(as.list(arguments), list(body)), env, bound))
}

# splines::bs
visit_export <- function(walk, call) {
  note_package(walk, as.character(call[[2L]]))
  note_text(walk, "export", as.character(call[[3L]]))
  judge_call(walk, as.character(call[[3L]]), NULL, NULL)
}

# --- names ---------------------------------------------------------------------------------------

# Finds a name from `env` outwards, as R does: "user" where its value is to be visited, "package",
# or "nowhere".
look_up <- function(walk, name, from, mode = "any") {
  env <- from
  assign(name, TRUE, walk$names)
  while (!identical(env, emptyenv())) {
    if (exists(name, env, mode = mode, inherits = FALSE)) {
      package <- package_of(env)
      if (is.null(package)) return(visit_binding(walk, name, env, from))
      if (!package %in% of_r) {
        note_package(walk, package)
        if (!isNamespace(env)) keep_found(walk, name, env, get(name, env))
      }
      return("package")
    }
    env <- parent.env(env)
  }
  "nowhere"
}

# Where any session finds them.
of_r <- c("base", "stats", "methods", "utils", "graphics", "grDevices", "datasets")

# NULL for the environments of users.
package_of <- function(env) {
  if (isNamespace(env)) return(getNamespaceName(env)[[1L]])
  if (identical(env, baseenv())) return("base")
  name <- attr(env, "name")
  if (is.null(name)) return(NULL)
  if (startsWith(name, "package:")) return(sub("^package:", "", name))
  if (startsWith(name, "imports:")) sub("^imports:", "", name)
}

# from: where the name was met, and where names that its value holds are looked up.
visit_binding <- function(walk, name, env, from) {
  place <- place_of(walk, env)
  key <- paste(place, name)
  note_text(walk, "at", place)
  # An argument that was not given has no value, and a promise may fail.
  value <- tryCatch(get(name, env, inherits = FALSE), error = function(e) NULL)
  if (is.character(value)) look_up_words(walk, value, from)
  if (exists(key, walk$met, inherits = FALSE)) return("user")
  assign(key, TRUE, walk$met)
  if (bindingIsActive(as.name(name), env)) note_unsure(walk, "`", name, "`, which is computed anew")
  keep_found(walk, name, env, value)
  visit_later(walk, list(item_of(value, from)))
  "user"
}

# A few words may be names of functions, as for do.call().
look_up_words <- function(walk, words, env) {
  if (length(words) > 100L) return(invisible())
  words <- words[!is.na(words) & nzchar(words) & nchar(words, "bytes") < 200L]
  for (word in words) look_up(walk, word, env, "function")
}

keep_found <- function(walk, name, env, value) {
  place <- place_of(walk, env)  # which may be a new one
  assign(name, value, walk$found[[place]])
}

place_of <- function(walk, env) {
  for (place in seq_along(walk$places)) if (identical(walk$places[[place]], env)) return(place)
  walk$places <- c(walk$places, env)
  walk$found <- c(walk$found, new.env(parent = emptyenv()))
  walk$whole <- c(walk$whole, FALSE)
  length(walk$places)
}

called_by_frames <- c(
  "[", "[[", "$", "Ops", "Math", "Summary", "format", "as.character", "is.na", "dim", "length",
  "levels", "as.data.frame", "makepredictcall", "xtfrm", "rep"
)

# S3 methods that users have for functions of which the names were met, or which model frames call.
methods_of <- function(walk) {
  names <- ls(globalenv(), all.names = TRUE)
  generics <- unique(c(ls(walk$names, all.names = TRUE), called_by_frames))
  dots <- grep(".[.].", names, value = TRUE)
  is_method <- vapply(dots, function(name) {
    any(startsWith(name, paste0(generics, "."))) && is.function(get(name, globalenv())) &&
      !exists(paste(place_of(walk, globalenv()), name), walk$met, inherits = FALSE)
  }, NA)
  items_of(lapply(dots[is_method], as.name), globalenv())
}

# --- values --------------------------------------------------------------------------------------

visit_function <- function(walk, f) {
  env <- environment(f)
  if (isNamespace(env)) note_package(walk, getNamespaceName(env)[[1L]])
  note_text(walk, "closure")
  if (methods::is(f, "genericFunction")) {
    visit_later(walk, list(item_of(get0(".MTable", env, inherits = FALSE), env)))
  }
  kept <- attributes(f)[setdiff(names(attributes(f)), "srcref")]
  visit_later(walk, items_of(kept, env))
  if (isNamespace(env)) return(note_text(walk, deparse(f, control = "exact")))
  visit_definition(walk, formals(f), body(f), env, character())
}

visit_environment <- function(walk, item) {
  env <- item$what
  package <- if (identical(env, emptyenv())) "empty" else package_of(env)
  if (!is.null(package)) return(note_package(walk, package))
  if (identical(env, globalenv())) {
    walk$dynamic <- TRUE
    return(note_unsure(walk, "the workspace as an object"))
  }
  place <- place_of(walk, env)
  note_text(walk, "environment", place)
  if (walk$whole[place]) return(invisible())
  walk$whole[place] <- TRUE
  if (isS4(env)) visit_object(walk, item) else visit_parts(walk, item, list())
  names <- sort(setdiff(ls(env, all.names = TRUE), of_classes), method = "radix")
  visit_later(walk, items_of(lapply(names, as.name), env))
}

# What objects of reference classes, and of package R6, have of their classes.
of_classes <- c(
  ".refClassDef", ".objectPackage", ".objectParent", "callSuper", "clone", "copy", "export",
  "field", "getClass", "getRefClass", "import", "initFields", "show", "trace", "untrace",
  "usingMethods"
)

# A list, or all that is beside the values of something.
visit_parts <- function(walk, item, parts) {
  beside <- attributes(item$what)
  note_text(walk, typeof(item$what), length(parts), names(beside), beside$class)
  beside <- beside[setdiff(names(beside), c("class", "srcref"))]
  visit_later(walk, items_of(c(parts, beside), item$env))
}

# An S4 object, whose classes go with it.
visit_object <- function(walk, item) {
  classes <- grep("^[.]__C__", ls(globalenv(), all.names = TRUE), value = TRUE)
  for (name in classes) keep_found(walk, name, globalenv(), get(name, globalenv()))
  visit_parts(walk, item, list())
}

# Numbers and words.
visit_values <- function(walk, item) {
  values <- item$what
  beside <- attributes(values)
  attributes(values) <- NULL
  note_text(walk, "values", checksum_of(serialize(values, NULL, version = 2L)))
  if (length(beside)) visit_parts(walk, item, list())
  if (is.character(values)) look_up_words(walk, values, item$env)
}

# What a function of a package does beyond its arguments. Names that are spelt out are followed.
judge_call <- function(walk, name, call, env) {
  first <- if (length(call) > 1L) call[[2L]]
  if (name %in% of_settings && is.character(first)) {
    value <- if (name == "getOption") getOption(first) else Sys.getenv(first)
    return(visit_later(walk, list(item_of(value, env))))
  }
  if (name %in% of_names && is.character(first)) return(look_up(walk, first, env))
  if (name %in% of_functions && (is.character(first) || is.symbol(first))) return(invisible())
  anywhere <- name %in% c(of_code, of_names, of_functions)
  if (anywhere) walk$dynamic <- TRUE
  if (anywhere || name %in% c(of_settings, of_world)) note_unsure(walk, "`", name, "()`")
}
