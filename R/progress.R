# What a long fit says of itself while it runs: on a console, by package cli, after two seconds; and
# in a file from which it can go on, see write_checkpoint().

# Reading a source: list(rows = a function of the number read, done =).
reading_progress <- function(source) {
  bar <- progress_line(paste0("reading ", source_title(source), ": {rows} rows"))
  list(rows = function(rows) bar$show(rows = format(rows, big.mark = ",", scientific = FALSE)),
       done = bar$done)
}

# show(...) fills in the braces of the text. Nothing is shown where nobody looks.
progress_line <- function(text) {
  silent <- list(show = function(...) invisible(), done = function() invisible())
  if (!shows_progress()) return(silent)
  began <- proc.time()[["elapsed"]]
  env <- new.env()
  list(
    show = function(...) {
      if (proc.time()[["elapsed"]] - began < 2) return(invisible())
      list2env(list(...), env)
      if (is.null(env$bar)) {
        env$bar <- cli::cli_progress_bar(
          format = paste0("{cli::pb_spin} ", text), total = NA, clear = TRUE, .envir = env
        )
      }
      cli::cli_progress_update(id = env$bar, .envir = env)
    },
    done = function() if (!is.null(env$bar)) cli::cli_progress_done(id = env$bar, .envir = env)
  )
}

shows_progress <- function() interactive() && requireNamespace("cli", quietly = TRUE)

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
led_nowhere <- function(watch, solved) {
  watch$resumed && solved$status %in% c("singular", "stalled")
}
