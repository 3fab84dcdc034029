# Fits of rows that are not in memory: the same solver, and an object that keeps no row.

is_elsewhere <- function(fit) !is.null(.subset2(fit, "elsewhere"))

# Settings of fits of sources.
check_elsewhere <- function(cache, checkpoint, source) {
  for (name in c("cache", "checkpoint")) {
    value <- get(name)
    if (is.null(value)) next
    if (!is.character(value) || length(value) != 1L || is.na(value)) {
      input_error("`", name, "` must be the name of a ", if (name == "cache") "folder" else "file",
        ": found ", described(value), ".")
    }
    if (!source) input_error("`", name, "` is for rows from a source, see source_files().")
  }
}

# The rows of a source, encoded: a list of handle, settled, see settle_rows(), and what was seen.
# With an engine the rows are with its workers.
place_rows <- function(source, asked, kind, family, contrasts, cache, reference = NULL,
                       engine = NULL) {
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

encoded_rows <- function(source, asked, kind, family, cache) {
  key <- if (!is.null(cache)) cache_key(source, asked, kind)
  folder <- if (is.null(cache)) tempdir() else cache
  if (!dir.exists(folder)) dir.create(folder, recursive = TRUE)
  kept <- !is.null(key)
  path <- if (kept) {
    file.path(folder, paste0("fastlogit-", key, ".rows"))
  } else {
    tempfile("fastlogit-", folder, ".rows")
  }
  if (!kept || !file.exists(path)) write_cache(source, asked, kind, family, path, key)
  handle <- row_cache(path, kept)
  list(handle = handle, seen = known_from_cache(handle, key, asked))
}

write_cache <- function(source, asked, kind, family, path, key) {
  progress <- reading_progress(source)
  on.exit(progress$done())
  encode_source(source, asked, kind, family, path, key, progress$rows)
}

# What was seen of the rows when the cache was written.
known_from_cache <- function(handle, key, asked) {
  seen <- cache_notes(handle)
  if (!identical(seen$key, key)) {
    fit_error(
      "fastlogit_cache_error",
      "the cache of rows cannot be used: ", handle$path, " holds other rows. Delete it, and fit ",
      "again."
    )
  }
  in_environment(seen, environment(asked$formula))
}

# Of the same rows, the same variables, and the same conditions on them. NULL for rows that nobody
# can tell to be the same.
cache_key <- function(source, asked, kind) {
  of_rows <- fingerprint(source)
  if (is.null(of_rows)) return(NULL)
  extra <- as.list(asked$call)[c("subset", "weights", "offset", "na.action")]
  expressions <- c(asked$formula, extra)
  parts <- c(
    of_rows, unlist(lapply(expressions, deparse)), kind, as.character(getOption("na.action")),
    values_in(unlist(lapply(expressions, all.names)), environment(asked$formula))
  )
  checksum_of(parts)
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
  watch <- watch_fit(how$checkpoint, schema_of(placed, model, how$method), how$start)
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
  if (is.null(how$penalty) && looks_separated(solved)) {
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
  checksum_of(c(
    design$names, format(placed$rows, digits = 15L), model$family, model$penalty$name,
    format(model$penalty$amount), placed$settled$response$levels, method
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
