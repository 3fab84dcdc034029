# Sources whose partitions are read by workers: each reads its own, over connections that it opens
# itself, and keeps the encoded rows. What they have seen is put together here, as if the partitions
# had been the chunks of one source.

# As encoded_rows(), with a `handle` that says that the rows are with workers: until the fit is
# done, when those forget them.
spread_rows <- function(engine, source, spec, model, cache) {
  going <- to_travel(spec, source)
  part <- list(
    spec = going$spec, session = going$session, kind = model$kind,
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
    source = source, spec = spec, kind = model$kind, family = model$family, cache = cache
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
