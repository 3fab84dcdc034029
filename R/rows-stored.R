# Rows of a source, encoded in a file that every pass streams (rows-cache.R), here or by workers. A
# list as rows.R has it, of which the response and the design are what schema_of_rows() makes of
# what was seen, and besides
#   handle              of the file, or of the workers that have it
#   prototype           the model frame, without rows
#   plan, spec          what the formula means for a chunk, see plan_frame(), and what the call said
#   omitted, excluded   how many rows na.action has left out, and for na.exclude which

ingest_rows.fastlogit_source <- function(source, spec, model, options) {
  report_bars(spec$formula, NULL)
  spec <- spec_for_source(spec)
  engine <- as_engine(options$workers, options$checkpoint)
  done <- FALSE
  on.exit(if (!done) close_engine(engine))
  cache <- options$cache
  if (!is.null(cache)) {
    cache <- private_folder(cache)
    spec$code <- code_key(spec)
  }
  read <- if (is.null(engine)) {
    encoded_rows(source, spec, model$kind, model$family, cache)
  } else {
    spread_rows(engine, source, spec, model, cache)
  }
  rows <- stored_rows(read, spec, model)
  check_sizes(rows$design)
  rows$engine <- engine
  done <- TRUE
  rows
}

# read: list(handle, seen).
stored_rows <- function(read, spec, model) {
  seen <- read$seen
  schema <- schema_of_rows(seen, model, spec$contrasts)
  c(list(class = stored_class), schema, list(
    handle = read$handle, plan = seen$plan, spec = spec, omitted = seen$omitted,
    excluded = seen$excluded, intercept = attr(schema$blueprint$terms, "intercept") > 0L
  ))
}

stored_class <- structure(list(), class = "stored_rows")

problem_of.stored_rows <- function(rows, model, threads = NULL, without = NULL,
                                   light = !is.null(without)) {
  core <- core_of_columns(core_model(model, rows$response), rows$design)
  if (!are_with_workers(rows$handle)) return(stored_problem(rows, core, threads, without))
  problem <- list(rows = rows, model = core, threads = threads)
  problem$leave_out <- flat_direction(without)
  problem$ask <- source_answerer(rows$handle$engine, problem)
  problem
}

watch_of.stored_rows <- function(rows, core, options, count) {
  watch_fit(options$checkpoint, checkpoint_key(rows, core, options$method), options$start, count)
}

# What a checkpoint has to be of, for those who want to go on with it.
checkpoint_key <- function(rows, core, method) {
  said <- c(rows$spec$formula, as.list(rows$spec$call)[c("subset", "weights", "offset")])
  checksum_of(c(
    unlist(lapply(said, deparse)), rows$design$names, format(rows$design$rows, digits = 15L),
    core$family, unlist(lapply(core$link[link_functions], deparse)), core$penalty$name,
    format(core$penalty$amount), rows$response$levels, method
  ))
}

# Settings of fits of sources.
check_storage <- function(cache, checkpoint, source) {
  check_path(cache, "cache", "folder")
  check_path(checkpoint, "checkpoint", "file")
  if (!source) {
    for (name in c("cache", "checkpoint")) {
      if (is.null(get(name))) next
      input_error("`", name, "` is for rows from a source, see source_files().")
    }
  }
  if (!is.null(cache) && file.exists(cache) && !dir.exists(cache)) {
    input_error("`cache` must be the name of a folder: \"", cache, "\" is a file.")
  }
  if (is.null(checkpoint)) return(invisible())
  if (dir.exists(checkpoint)) {
    input_error("`checkpoint` must be the name of a file: \"", checkpoint, "\" is a folder.")
  }
  if (!dir.exists(dirname(checkpoint))) {
    input_error("`checkpoint`: there is no folder \"", dirname(checkpoint), "\".")
  }
}

check_path <- function(value, name, what) {
  if (is.null(value) || is.character(value) && length(value) == 1L && !is.na(value) &&
        nzchar(trimws(value))) {
    return(invisible())
  }
  input_error("`", name, "` must be the name of a ", what, ": found ", described(value), ".")
}

# Of na.exclude the rows, to pad by; of na.omit how many.
rows_left_out <- function(rows) {
  if (!is.null(rows$excluded)) return(structure(rows$excluded, class = "exclude"))
  if (rows$omitted > 0) structure(rows$omitted, class = "rows_omitted")
}

#' @importFrom stats naprint
#' @export
naprint.rows_omitted <- function(x, ...) {
  paste0(
    format(unclass(x), scientific = FALSE), " observation", if (x != 1) "s",
    " deleted due to missingness"
  )
}
