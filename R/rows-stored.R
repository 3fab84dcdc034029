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
  # A source's partitions may part the rows of a set: these are read here, and shared out later.
  read <- if (is.null(engine) || model$kind == "strata") {
    encoded_rows(source, spec, model$coding, model$family, cache)
  } else {
    spread_rows(engine, source, spec, model, cache)
  }
  rows <- stored_rows(read, spec, model)
  check_sizes(rows$design)
  if (is_wide_pattern(rows$design, model, options)) return(rows_together(rows, model, options))
  if (model$kind == "strata") rows <- arrange_stored_sets(rows, cache)
  rows$engine <- engine
  done <- TRUE
  rows
}

# The rows of a source in memory, by their codes.
rows_together <- function(rows, model, options) {
  report_kept_here(paste0(
    "so the rows of the source are read into it",
    if (!is.null(options$checkpoint)) ", and no checkpoint is written"
  ))
  frame <- stored_frame(rows)
  attr(frame, "na.action") <- rows_left_out(rows)
  rows_of_frame(
    frame, rows$blueprint, model, storage_of(model, options["sparse"]), options$control$threads
  )
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
  if (!is.null(rows$sets) && !is.null(without)) {
    return(problem_of(sets_in_memory(rows, model), model, threads, without))
  }
  core <- core_of_columns(core_model(model, rows$response, rows$design), rows$design)
  if (!is.null(rows$sets) && !is.null(rows$engine)) {
    return(list(model = core, threads = threads, ask = set_answerer(rows, core, threads)))
  }
  if (!are_with_workers(rows$handle)) return(stored_problem(rows, core, threads, without))
  problem <- list(rows = rows, model = core, threads = threads)
  problem$leave_out <- flat_direction(without)
  problem$ask <- source_answerer(rows$handle$engine, problem)
  problem
}

# What a checkpoint has to be of, for those who want to go on with it.
checkpoint_key <- function(rows, core, method) {
  said <- c(rows$spec$formula, as.list(rows$spec$call)[c("subset", "weights", "offset")])
  checksum_of(c(
    unlist(lapply(said, deparse)), rows$design$names, format(rows$design$rows, digits = 15L),
    core$family, unlist(lapply(core$link[link_functions], deparse)), core$penalty$name,
    format(unlist(core$penalty[c("amount", "penalised")]), digits = 17L), rows$response$levels,
    method
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
  named <- is.null(value) || is_text(value) && length(value) == 1L && nzchar(trimws(value))
  check_that(named, value, "`", name, "` must be the name of a ", what)
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

# --- checkpoints ----------------------------------------------------------------------------------

# A file in which a fit notes its state after each pass, and from which it goes on. The file is read
# as data, see unpack_fields(), and believed in nothing but where to begin.

checkpoint_mark <- charToRaw("fastlogit checkpoint 1\n")

# state: list(beta, deviance, pass, schema). The file is a whole one at any time.
write_checkpoint <- function(state, file) {
  bytes <- pack_fields(state)
  bytes <- c(checkpoint_mark, charToRaw(checksum_of(bytes)), bytes)
  check_used(replace_file_impl(path.expand(file), bytes))
}

# A fit goes on without its checkpoint: TRUE where it was written.
try_checkpoint <- function(state, file) {
  failed <- tryCatch(write_checkpoint(state, file), fastlogit_checkpoint = identity)
  if (!inherits(failed, "condition")) return(TRUE)
  fit_warning("fastlogit_checkpoint_not_written", conditionMessage(failed))
  FALSE
}

# NULL where there is none. schema: what the state has to be of; count: how many coefficients.
read_checkpoint <- function(file, schema, count) {
  if (is.null(file) || !file.exists(file)) return(NULL)
  most <- 8 * count + 1000
  state <- checkpoint_state(check_used(read_file_impl(path.expand(file), most)))
  if (is.null(state)) wrong_checkpoint(file, "no checkpoint")
  if (!identical(state[["schema"]], schema)) {
    wrong_checkpoint(file, "that of another model, or of other rows")
  }
  beta <- state[["beta"]]
  sound <- is.double(beta) && length(beta) == count && all(is.finite(beta)) &&
    is_number(state[["deviance"]]) && is_number(state[["pass"]]) && is_count(state$pass)
  if (!sound) wrong_checkpoint(file, "no checkpoint")
  state
}

# NULL for bytes that are no checkpoint.
checkpoint_state <- function(bytes) {
  mark <- seq_along(checkpoint_mark)
  sum <- length(mark) + 1:16
  if (length(bytes) < length(mark) + 16L || !identical(bytes[mark], checkpoint_mark)) return(NULL)
  rest <- bytes[-c(mark, sum)]
  if (!identical(bytes[sum], charToRaw(checksum_of(rest)))) return(NULL)
  state <- tryCatch(unpack_fields(rest), fastlogit_unreadable = function(e) NULL)
  if (is.list(state)) state
}

wrong_checkpoint <- function(file, what) {
  fit_error(
    "fastlogit_checkpoint", "the checkpoint ", file, " is ", what,
    ": delete it, or give another file."
  )
}

# answer: a sentence where the file could not be used.
check_used <- function(answer) {
  if (!is.character(answer)) return(answer)
  fit_error("fastlogit_checkpoint", "the checkpoint cannot be used: ", answer, ".")
}

# What is noted, and shown, of a fit's passes, as watch_fit() has it; NULL of rows in memory.
watch_of <- function(rows, core, options, count) {
  if (are_in_memory(rows)) return(NULL)
  watch_fit(options$checkpoint, checkpoint_key(rows, core, options$method), options$start, count)
}

# Of the passes of a fit: list(start, after_pass, done, resumed). start: where to begin, from the
# checkpoint if there is one of the same schema, else the user's; count: how many coefficients there
# are.
watch_fit <- function(checkpoint, schema, start, count) {
  before <- read_checkpoint(checkpoint, schema, count)
  bar <- progress_line("pass {pass}, log-likelihood {loglik}")
  if (is.null(checkpoint) && !shows_progress()) {
    return(list(start = start, after_pass = NULL, done = bar$done, resumed = FALSE))
  }
  pass <- if (is.null(before)) 0 else before$pass
  best <- Inf
  after_pass <- function(beta, loglik, ...) {
    pass <<- pass + 1
    bar$show(pass = pass, loglik = format(loglik, digits = 8L))
    if (is.null(checkpoint) || !isTRUE(-2 * loglik <= best)) return(invisible())
    best <<- -2 * loglik
    state <- list(beta = beta, deviance = best, pass = pass, schema = schema)
    # One warning will do.
    if (!try_checkpoint(state, checkpoint)) checkpoint <<- NULL
  }
  list(
    start = if (is.null(before)) start else before$beta, after_pass = after_pass, done = bar$done,
    resumed = !is.null(before)
  )
}

# Is there no way on from the checkpoint, which may hold any numbers?
failed_to_resume <- function(solved) solved$status %in% c("singular", "stalled")
