# The schema pass: model frames of chunks become columns of numbers and codes in a cache, and what
# has to be known of all the rows is gathered on the way.

# Reads a source, into a file of rows: list(path, kept, seen), where seen is what encode_frame()
# gathers, and
#   plan, head     as plan_frame(); some raw rows, from which prototypes are made
#   kinds          of the columns of files, see source-kinds.R
# coding: see model.R; family: of what is not in classes; to: list(folder, path, key), of which path
# and key are NULL for rows that are not kept; tell(rows) hears how many have been read.
encode_source <- function(source, spec, coding, family, to, tell) {
  with_agreed_kinds(source, function(source) encode_once(source, spec, coding, family, to, tell))
}

encode_once <- function(source, spec, coding, family, to, tell) {
  pass <- list2env(list(to = to))
  on.exit({
    for (writer in list(pass$writer, pass$all)) if (!is.null(writer)) writer$abandon()
    unlink(pass$raw)
  })
  response_once <- once_each()
  visit <- function(chunk) {
    if (is.null(pass$plan)) {
      begin_pass(pass, spec, chunk)
      pass$expected <- count_rows(source)
      bases <- length(pass$plan$bases)
      if (bases) pass$all <- cache_writer(pass$raw[2L], bases, pass$expected)
    } else if (is.null(pass$again)) {
      pass$again <- TRUE
      check_outside(spec, chunk)
    }
    check_row_by_row(pass$doubtful, chunk, spec)
    check_subset(spec, chunk)
    if (!is.null(pass$all)) {
      pass$all$append(basis_arguments(pass$plan$bases, chunk, environment(spec$formula)))
    }
    frame <- frame_of_chunk(spec, pass$plan, chunk)
    pass$seen$read <- sum(0, pass$seen$read, nrow(chunk))
    pass$seen$kinds <- attr(chunk, "kinds")
    columns <- response_once(in_rows(encode_frame(frame, pass$seen, coding, family), pass$seen))
    tell(pass$seen$read)
    if (is.null(columns)) return(invisible())
    if (is.null(pass$writer)) {
      pass$seen$file_columns <- length(columns)
      path <- if (is.null(pass$all)) pass$to$path else pass$raw[1L]
      pass$writer <- cache_writer(path, length(columns), pass$expected)
    }
    pass$writer$append(columns)
  }
  for_each_chunk(source, wanted_columns(spec), visit)
  if (is.null(pass$writer)) no_rows(pass$seen$kinds)
  finish_pass(pass)
}

# With what is known of the columns all the same.
no_rows <- function(kinds) {
  tryCatch(check_has_rows(0L), fastlogit_no_rows = function(e) {
    e$kinds <- kinds
    rethrow(e)
  })
}

begin_pass <- function(pass, spec, chunk) {
  pass$plan <- plan_frame(spec, chunk)
  pass$doubtful <- doubtful_expressions(spec, pass$plan)
  columns <- intersect(wanted_columns(spec), names(chunk))
  pass$head <- utils::head(if (length(columns)) chunk[columns] else chunk, 100L)
  pass$seen <- new.env(parent = emptyenv())
  unnoted <- if (!is.null(pass$to$key)) Filter(function(x) is.null(column_note(x)), pass$head)
  if (length(unnoted)) {
    class <- class(unnoted[[1L]])[1L]
    warn_not_kept("column ", quoted(names(unnoted)[1L]), " is of class \"", class, "\"")
    pass$to["key"] <- list(NULL)
  }
  folder <- pass$to$folder
  if (is.null(pass$to$key)) pass$to$path <- tempfile("fastlogit-", folder, ".rows")
  pass$raw <- tempfile(paste0(basename(pass$to$path), "-"), folder, c(".raw.part", ".all.part"))
}

finish_pass <- function(pass) {
  seen <- c(as.list(pass$seen), list(plan = pass$plan, head = pass$head))
  bases <- !is.null(pass$all)
  pass$writer$finish(if (!bases && !is.null(pass$to$key)) notes_of(seen, pass$to$key))
  pass$writer <- NULL
  if (bases) {
    pass$all$finish()
    pass$all <- NULL
    seen <- add_bases(seen, pass$raw[1L], pass$raw[2L], pass$to)
  }
  list(path = pass$to$path, kept = !is.null(pass$to$key), seen = seen)
}

# What goes from a worker.
without_environments <- function(seen) in_environment(seen, globalenv())

in_environment <- function(seen, env) {
  attr(seen$plan$terms, ".Environment") <- env  # nolint: the name is R\'s
  environment(seen$plan$flat) <- env
  seen
}

# The same warning of many chunks is given once.
once_each <- function() {
  given <- character()
  function(expr) {
    withCallingHandlers(expr, fastlogit_warning = function(w) {
      if (conditionMessage(w) %in% given) tryInvokeRestart("muffleWarning")
      given <<- c(given, conditionMessage(w))
    })
  }
}

# Rows in messages are those of the chunk.
in_rows <- function(expr, seen) {
  tryCatch(expr, fastlogit_input_error = function(e) {
    input_error(
      conditionMessage(e), " (Rows are counted from row ",
      format(seen$rows_before + 1, scientific = FALSE), " of those used.)"
    )
  })
}

# The columns of a frame for the file, or NULL without rows. `seen` gathers
#   rows, omitted   how many rows are used, and how many na.action has left out; which, for
#                   na.exclude (`excluded`)
#   variables       for each variable list(columns =, kind = "number" or "code", largest =), codes
#                   with what dictionary() has
#   response, offset, weighted   see below
encode_frame <- function(frame, seen, coding, family) {
  seen$rows_before <- if (is.null(seen$rows)) 0 else seen$rows
  n <- nrow(frame)
  seen$omitted <- sum(0, seen$omitted, length(attr(frame, "na.action")))
  if (inherits(attr(frame, "na.action"), "exclude")) {
    before <- seen$rows_before + seen$omitted - length(attr(frame, "na.action"))
    seen$excluded <- c(seen$excluded, before + as.vector(attr(frame, "na.action")))
  }
  if (n == 0L) return(NULL)
  terms <- attr(frame, "terms")
  response <- attr(terms, "response")
  variables <- unclass(frame)
  inside <- setdiff(seq_along(attr(terms, "variables"))[-1L] - 1L, response)
  offsets <- attr(terms, "offset")
  columns <- list()
  add <- function(values) {
    first <- length(columns) + 1L
    for (j in seq_len(NCOL(values))) {
      column <- if (is.matrix(values)) values[, j] else values
      columns[[first + j - 1L]] <<- if (is.integer(column)) column else as.double(column)
    }
    seq.int(first, length.out = NCOL(values))
  }
  if (is.null(seen$variables)) seen$variables <- list()
  for (i in setdiff(inside, offsets)) {
    name <- names(variables)[i]
    check_variable(variables[[i]], name)
    known <- encode_variable(variables[[i]], name, seen$variables[[name]], n)
    known$fields$columns <- add(known$values)
    seen$variables[[name]] <- known$fields
  }
  weights <- weights_in_frame(frame)
  check_chunk_weights(weights, n)
  y <- response_in_frame(frame)
  encode_response(y, weights, response_name(terms), seen, coding, family, add)
  encode_offset(offset_in_frame(frame), n, coding, seen, add)
  seen$rows <- seen$rows_before + n
  columns
}

# Of a chunk all may be zero.
check_chunk_weights <- function(weights, n) {
  if (length(weights) && is.numeric(weights) && all(weights %in% 0)) return(invisible())
  check_weights(weights, n)
}

# known: what is known of the variable from chunks before, NULL at first.
encode_variable <- function(x, name, known, n) {
  kind <- if (has_codes(x)) "code" else "number"
  if (!is.null(known) && known$kind != kind) {
    input_error(
      "predictor `", name, "` is ", if (kind == "code") "not a number" else "a number",
      " in some chunks only."
    )
  }
  if (kind == "number") {
    largest <- check_numbers(list(x), n, 1L, name)[[1L]]
    width <- NCOL(x)
    if (!is.null(known) && length(known$largest) != width) {
      input_error("predictor `", name, "` has another number of columns in some chunks.")
    }
    if (!is.null(known)) largest <- largest_of(known$largest, largest)
    return(list(values = x, fields = list(kind = kind, largest = largest)))
  }
  if (is.factor(x)) check_codes(x, paste0("predictor `", name, "`"))
  if (anyNA(x)) check_finite(as.integer(factor(x)), paste0("predictor `", name, "`"))
  coded <- code_with(x, known)
  list(values = coded$codes, fields = c(list(kind = kind), coded$dictionary))
}

# pmax() takes longer than all the rest of a small chunk.
largest_of <- function(known, new) if (any(new > known)) pmax(known, new) else known

# Columns as they are: whose they are is known when the classes are.
encode_offset <- function(offset, n, coding, seen, add) {
  if (is.null(offset)) return(invisible())
  check_row_values(offset, n, "offset")
  if (coding != "classes") check_one_column(offset, "offset")
  names <- colnames(offset)
  if (!is.null(seen$offset) && !identical(names, seen$offset$names)) different_columns()
  seen$offset <- list(
    columns = add(offset), names = names, any = isTRUE(seen$offset$any) || any(offset != 0)
  )
}

# --- rows in a file, kept from an earlier call or written now -------------------------------------

# Rows of a source in a file, kept from an earlier call or written now, and as the C++ core reads
# them.

# list(handle, seen). Rows that are kept are known by what their file says of them, as it may be
# that of another session that was quicker.
encoded_rows <- function(source, spec, coding, family, cache) {
  folder <- if (is.null(cache)) tempdir() else private_folder(cache)
  key <- if (!is.null(cache)) cache_key(source, spec, coding)
  path <- if (!is.null(key)) file.path(folder, paste0("fastlogit-", key, ".rows"))
  if (is.null(key) || !file.exists(path)) {
    written <- write_cache(source, spec, coding, family, folder, path, key)
    if (!written$kept) return(list(handle = row_cache(written$path, FALSE), seen = written$seen))
  }
  handle <- row_cache(path, TRUE)
  list(handle = handle, seen = seen_in_notes(handle, key, spec, coding))
}

# path, key: NULL for rows that are not kept.
write_cache <- function(source, spec, coding, family, folder, path, key) {
  progress <- reading_progress(source)
  on.exit(progress$done())
  if (!is.null(path)) remove_old_parts(path)
  encode_source(source, spec, coding, family, list(folder = folder, path = path, key = key),
    progress$rows)
}

# The folder of this name, for nobody else if it has to be made.
private_folder <- function(name) {
  if (!dir.exists(name)) dir.create(name, showWarnings = FALSE, recursive = TRUE, mode = "0700")
  if (!dir.exists(name)) {
    fit_error("fastlogit_cache_error", "the folder \"", name, "\" for `cache` cannot be made.")
  }
  normalizePath(name)
}

# Of the same rows, the same variables, and the same conditions on them. NULL for rows that nobody
# can tell to be the same.
cache_key <- function(source, spec, coding) {
  of_rows <- if (!is.null(spec$code)) fingerprint(source)
  if (!is.null(of_rows)) checksum_of(c(of_rows, spec$code, coding))
}

# Of what the formula and the conditions on rows are made of. NULL, with a warning, where nobody can
# tell what that is.
code_key <- function(spec) {
  walk <- walk_references(items_of_spec(spec))
  if (length(walk$unsure)) {
    warn_not_kept("what the formula gives may depend on ", listed(walk$unsure))
    return(NULL)
  }
  checksum_of(c(
    walk$key, R.version.string, version_of("fastlogit"), Sys.getenv("TZ"), Sys.getlocale()
  ))
}

# The formula, and what else is evaluated for each chunk of rows.
items_of_spec <- function(spec) {
  extra <- as.list(spec$call)[c("subset", "weights", "offset")]
  action <- spec$call$na.action %||% getOption("na.action")
  c(items_of(c(spec$formula, extra), environment(spec$formula)), list(item_of(action, spec$env)))
}

# core: see core_of_columns().
stored_problem <- function(rows, core, threads, without = NULL) {
  problem <- list(
    cache = cache_file(rows$handle), design = rows$design,
    response = c(rows$response$rows, list(offset = rows$offset$columns, base = rows$offset$base)),
    model = core, threads = threads
  )
  problem$leave_out <- flat_direction(without)
  problem
}

# Rows are left out by their linear predictors in the direction of separation.
flat_direction <- function(found) {
  direction <- found$direction
  if (!is.null(direction)) unname(as.vector(if (is.matrix(direction)) t(direction) else direction))
}
