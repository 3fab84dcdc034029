# Fits of rows that are not in memory: the same solver, and an object that keeps no row.

is_elsewhere <- function(fit) !is.null(.subset2(fit, "elsewhere"))

# Settings of fits of sources.
check_elsewhere <- function(cache, checkpoint, source) {
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

# The rows of a source, encoded: a list of handle, settled, see settle_rows(), and what was seen.
# With an engine the rows are with its workers.
place_rows <- function(source, asked, kind, family, contrasts, cache, reference = NULL,
                       engine = NULL) {
  if (!is.null(cache)) {
    cache <- private_folder(cache)
    asked$code <- code_key(asked)
  }
  if (!is.null(engine)) {
    return(spread_rows(engine, source, asked, kind, family, contrasts, cache, reference))
  }
  read <- encoded_rows(source, asked, kind, family, cache)
  seen <- read$seen
  list(
    handle = read$handle, settled = settle_rows(seen, kind, contrasts, reference),
    rows = seen$rows, omitted = seen$omitted, excluded = seen$excluded, plan = seen$plan,
    asked = asked
  )
}

# list(handle, seen). Rows that are kept are known by what their file says of them, as it may be
# that of another session that was quicker.
encoded_rows <- function(source, asked, kind, family, cache) {
  folder <- if (is.null(cache)) tempdir() else private_folder(cache)
  key <- if (!is.null(cache)) cache_key(source, asked, kind)
  path <- if (!is.null(key)) file.path(folder, paste0("fastlogit-", key, ".rows"))
  if (is.null(key) || !file.exists(path)) {
    written <- write_cache(source, asked, kind, family, folder, path, key)
    if (!written$kept) return(list(handle = row_cache(written$path, FALSE), seen = written$seen))
  }
  handle <- row_cache(path, TRUE)
  list(handle = handle, seen = seen_in_notes(handle, key, asked, kind))
}

# path, key: NULL for rows that are not kept.
write_cache <- function(source, asked, kind, family, folder, path, key) {
  progress <- reading_progress(source)
  on.exit(progress$done())
  if (!is.null(path)) remove_old_parts(path)
  encode_source(source, asked, kind, family, list(folder = folder, path = path, key = key),
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
cache_key <- function(source, asked, kind) {
  of_rows <- if (!is.null(asked$code)) fingerprint(source)
  if (!is.null(of_rows)) checksum_of(c(of_rows, asked$code, kind))
}

# Of what the formula and the conditions on rows are made of. NULL, with a warning, where nobody can
# tell what that is.
code_key <- function(asked) {
  walk <- walk_references(items_asked(asked))
  if (length(walk$unsure)) {
    warn_not_kept("what the formula gives may depend on ", listed(walk$unsure))
    return(NULL)
  }
  checksum_of(c(
    walk$key, R.version.string, version_of("fastlogit"), Sys.getenv("TZ"), Sys.getlocale()
  ))
}

warn_not_kept <- function(...) {
  fit_warning(
    "fastlogit_cache_not_kept", "the rows are not kept in `cache` for the next fit: ", ..., "."
  )
}

# --- two classes ---------------------------------------------------------------------------------

# how: list(family, control, method, penalty, start, singular.ok, contrasts, cache, checkpoint).
fit_source <- function(source, asked, how) {
  family <- how$family
  placed <- place_rows(
    source, asked, "binary", family, how$contrasts, how$cache, engine = how$control$engine
  )
  settled <- placed$settled
  design <- settled$design
  check_sizes(design)
  columns <- length(design$names)
  check_unpenalised(how$penalty, design$names)
  check_start(how$start, columns, "start", "column of the design")
  check_has_columns(columns)
  null <- fit_null(placed, family, how$control)
  model <- binary_model(family, how$penalty)
  rows <- cache_rows(placed$handle, settled, model, how$control$threads)
  watch <- watch_fit(how$checkpoint, schema_of(placed, model, how$method), how$start, columns)
  on.exit(watch$done())
  given <- ifelse(is.na(watch$start), 0, watch$start)
  starts <- c(
    if (!is.null(watch$start)) list(list(coefficients = given)),
    list(list(coefficients = null_start(design, null)))
  )
  solve <- function(control, leave_out = NULL) {
    rows$leave_out <- leave_out
    control$after_pass <- if (is.null(leave_out)) watch$after_pass
    solve_problem(rows, starts, control, how$method)
  }
  solved <- solve(how$control)
  if (led_nowhere(watch, solved)) {
    starts <- starts[-1L]
    solved <- solve(how$control)
  }
  if (is.null(how$penalty) && looks_separated(solved, family$link)) {
    found <- find_separation_elsewhere(placed, rows, family$link)
    if (!is.null(found)) solved <- settle_separation(solved, found, how$control, solve)
    solved$recession <- with_limit(solved$recession, function(found) {
      solve(quietly(how$control), unname(found$direction))
    })
  }
  check_start_aliased(how$start, solved$aliased, design$names)
  report_start(solved, starts)
  report_local_maxima(solved)
  check_singular(solved, design, how$singular.ok)
  method <- if (adjusts_score(how$penalty)) "fisher" else how$method
  fit <- as_fit_elsewhere(solved, placed, null, family, method)
  if (!is.null(how$penalty)) fit <- with_penalty(fit, how$penalty, solved, design)
  report_fit(fit)
  fit
}

# What the call says.
finish_elsewhere <- function(fit, call, formula, source, how) {
  blueprint <- fit$elsewhere$settled$blueprint
  terms <- blueprint$terms
  fit$outcomes <- outcomes_of(stats::model.response(fit$elsewhere$settled$prototype, "any"))
  fit <- c(fit, list(
    call = call, formula = formula, terms = terms, data = source,
    control = how$control[c("epsilon", "maxit", "trace")], method = penalised_fitter(how$penalty),
    contrasts = blueprint$contrasts, xlevels = blueprint$xlevels
  ))
  class(fit) <- c("fastlogit_elsewhere", "fastlogit", "glm", "lm")
  fit
}

# The fit of the intercept alone: the null deviance, and where to start.
fit_null <- function(placed, family, control) {
  settled <- placed$settled
  if (attr(settled$blueprint$terms, "intercept") == 0L) {
    return(list(deviance = deviance_at_offset(placed, family), start = 0))
  }
  known <- settled$response
  about_mean <- is.null(settled$offset)
  start <- if (about_mean) family$linkfun((known$successes + 0.5) / (known$total + 1)) else 0
  if (about_mean && known$single) {
    deviance <- deviance_of_trials(known$successes, known$total, family)
    return(list(deviance = deviance, start = start))
  }
  settled$design <- intercept_design(placed$rows)
  control$trace <- FALSE
  rows <- cache_rows(placed$handle, settled, binary_model(family), control$threads)
  starts <- list(list(coefficients = start))
  # The intercept alone is infinite only where the response is constant.
  control$finite <- known$successes > 0 && known$successes < known$total
  solved <- solve_problem(rows, starts, control, "newton")
  if (control$finite) report_null(solved)
  list(deviance = -2 * solved$logLik, start = solved$coefficients)
}

null_start <- function(design, null) {
  beta <- numeric(length(design$names))
  intercept <- match("(Intercept)", design$names)
  if (!is.na(intercept)) beta[intercept] <- null$start
  beta
}

as_fit_elsewhere <- function(solved, placed, null, family, method) {
  settled <- placed$settled
  design <- settled$design
  known <- settled$response
  rank <- sum(!solved$aliased)
  deviance <- -2 * solved$logLik
  fit <- list(
    coefficients = known_coefficients(solved, design),
    rank = rank,
    family = family,
    deviance = deviance,
    aic = NA_real_,
    null.deviance = null$deviance,
    iter = length(solved$history$iteration),
    df.residual = known$n_ok - rank,
    df.null = known$n_ok - attr(settled$blueprint$terms, "intercept"),
    converged = solved$status %in% c("converged", "boundary"),
    boundary = solved$status == "boundary",
    algorithm = method,
    status = solved$status,
    cholesky = as_cholesky(solved),
    orthogonalised = solved$orthogonalised,
    separation = signs_of_infinity(solved, design$labels),
    threads = solved$threads,
    elsewhere = c(
      placed[c("handle", "settled", "rows", "plan", "asked")],
      list(range_of_means = family$linkinv(as.numeric(solved$linear.predictors)))
    )
  )
  fit$recession <- solved$recession
  fit$aic <- aic_elsewhere(fit, known) + 2 * rank
  fit$history <- absolute_history(solved$history, fit$aic, rank, deviance, family)
  if (!has_known_dispersion(family)) fit$elsewhere$dispersion <- dispersion_elsewhere(fit)
  fit$na.action <- rows_left_out(placed)
  fit
}

# Where counts are whole, the saturated model tells; else the family has to be asked at the means.
aic_elsewhere <- function(fit, known) {
  if (fit$family$family != "binomial") return(NA_real_)
  if (!is.na(known$saturated)) return(fit$deviance + known$saturated)
  sum_rows(fit, function(row) {
    fit$family$aic(row$y, row$n, fit$family$linkinv(row$eta), row$weights, NULL)
  })
}

# Of na.exclude the rows, to pad by; of na.omit how many.
rows_left_out <- function(placed) {
  if (!is.null(placed$excluded)) return(structure(placed$excluded, class = "exclude"))
  if (placed$omitted > 0) structure(placed$omitted, class = "rows_omitted")
}

#' @importFrom stats naprint
#' @export
naprint.rows_omitted <- function(x, ...) {
  paste0(
    format(unclass(x), scientific = FALSE), " observation", if (x != 1) "s",
    " deleted due to missingness"
  )
}

# What a fit's schema is, for those who want to go on with it.
schema_of <- function(placed, model, method) {
  design <- placed$settled$design
  asked <- c(placed$asked$formula, as.list(placed$asked$call)[c("subset", "weights", "offset")])
  checksum_of(c(
    unlist(lapply(asked, deparse)), design$names, format(placed$rows, digits = 15L), model$family,
    model$penalty$name, format(model$penalty$amount), placed$settled$response$levels, method
  ))
}

# The rows of a fit, as the C++ core reads them.
rows_elsewhere <- function(fit, threads) {
  model <- if (is.null(fit$family)) {
    class_model(length(fit$lab), fit$penalty)
  } else {
    binary_model(fit$family, fit$penalty)
  }
  cache_rows(fit$elsewhere$handle, fit$elsewhere$settled, model, threads)
}
