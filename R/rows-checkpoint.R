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
  tryCatch(
    {
      write_checkpoint(state, file)
      TRUE
    },
    fastlogit_checkpoint = function(e) {
      fit_warning("fastlogit_checkpoint_not_written", conditionMessage(e))
      FALSE
    }
  )
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
  after_pass <- function(beta, loglik) {
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
