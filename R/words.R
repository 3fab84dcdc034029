# Words that messages and printing share.

counted <- function(n, noun, plural = "s") {
  paste0(format(n, scientific = FALSE), " ", noun, if (n != 1) plural)
}

wrapped <- function(line) strwrap(line, width = 0.95 * getOption("width"), exdent = 2L)

capitalised <- function(text) paste0(toupper(substr(text, 1L, 1L)), substring(text, 2L))

# "w1, w2 and w3"
enumerated <- function(names) {
  last <- length(names)
  if (last == 1L) return(names)
  paste(paste(names[-last], collapse = ", "), "and", names[last])
}

rows_listed_at_length <- function(rows) {
  paste0(if (length(rows) == 1L) "row " else "rows ", listed(rows, 20L), ".")
}

# --- progress -------------------------------------------------------------------------------------

# What a long fit says of itself while it runs: on a console, by package cli, after two seconds; and
# in a file from which it can go on, see write_checkpoint().

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
