# All conditions are born here. They carry a class to catch them by, no call, and a message that
# says what was wrong, what was found and what to do.

input_error <- function(..., class = character()) {
  stop(errorCondition(paste0(...),
    class = c(class, "fastlogit_input_error", "fastlogit_error"), call = NULL
  ))
}

fit_error <- function(class, ...) {
  stop(errorCondition(paste0(...), class = c(class, "fastlogit_error"), call = NULL))
}

fit_warning <- function(class, ...) {
  warning(warningCondition(paste0(...), class = c(class, "fastlogit_warning"), call = NULL))
}

fit_message <- function(class, ...) {
  message(structure(
    class = c(class, "fastlogit_message", "message", "condition"),
    list(message = paste0(..., "\n"), call = NULL)
  ))
}

# Reading has to begin again; an error for whoever does not know how.
reread_error <- function(kinds, ...) {
  stop(errorCondition(
    paste0(..., " turned out to be of another kind after the first rows: give `colClasses`."),
    class = c("fastlogit_reread", "fastlogit_input_error", "fastlogit_error"), call = NULL,
    kinds = kinds
  ))
}

# An error of ours that was caught on the way.
rethrow <- function(condition) stop(condition)

# What the core throws ends here, see src/fastlogit_types.h: memory that is not to be had, and files
# of rows that cannot be used, are told in our words.
stop_for_core <- function(condition) {
  switch(class(condition)[1L],
    "std::bad_alloc" = out_of_memory(),
    "fastlogit::DiskFull" = disk_full_of_core(condition),
    "fastlogit::FileError" = file_error_of_core(condition)
  )
  rethrow(condition)
}

out_of_memory <- function() {
  fit_error("fastlogit_out_of_memory",
    "there is not enough memory. Rows may stay on disk (see ?source_files), and columns of ",
    "many zeros take less as `sparse = TRUE`."
  )
}

disk_full_of_core <- function(e) disk_full_error("the rows cannot be kept: ", conditionMessage(e))

file_error_of_core <- function(e) {
  fit_error("fastlogit_cache_error",
    "the cache of rows cannot be used: ", conditionMessage(e), ". Delete it or give another ",
    "`cache`, and fit again."
  )
}

# The warnings of code of R's own, reclassed and without the call.
with_classed_warnings <- function(class, expr) {
  withCallingHandlers(expr, warning = function(w) {
    if (inherits(w, "fastlogit_warning")) return()
    fit_warning(class, conditionMessage(w))
    tryInvokeRestart("muffleWarning")
  })
}

# "17", or "17, 18, 20, ... (12 in all)"; all: how many there are, if these are the first of them.
listed <- function(values, most = 3L, all = length(values)) {
  if (all <= most) return(paste(values, collapse = ", "))
  paste0(paste(utils::head(values, most), collapse = ", "), ", ... (", all, " in all)")
}

rows_listed <- function(rows, most = 3L) {
  paste(if (length(rows) == 1L) "row" else "rows", listed(rows, most))
}

quoted <- function(names) paste0("`", names, "`", collapse = ", ")

shortened <- function(text, most = 200L) {
  if (nchar(text, "bytes") > most) paste(substr(text, 1L, most), "...") else text
}

disk_full_error <- function(...) {
  fit_error("fastlogit_disk_full", ..., ": give `cache` a folder with more room.")
}

# --- words that messages and printing share -------------------------------------------------------

counted <- function(n, noun, plural = "s") {
  whole <- is.integer(n) || isTRUE(n %% 1 == 0)
  number <- if (whole) sprintf("%.0f", n) else format(n, scientific = FALSE)
  paste0(number, " ", noun, if (n != 1) plural)
}

wrapped <- function(line) strwrap(line, width = 0.95 * getOption("width"), exdent = 2L)

capitalised <- function(text) paste0(toupper(substr(text, 1L, 1L)), substring(text, 2L))

# "w1, w2 and w3"
enumerated <- function(names) {
  last <- length(names)
  if (last == 1L) return(names)
  paste(paste(names[-last], collapse = ", "), "and", names[last])
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
