# From chunks of a source to model frames: what the formula, subset, weights, offset and na.action
# mean for a data frame, chunk by chunk, or an error where a chunk cannot know.

# What the call says of the rows, where they come from a source.
spec_for_source <- function(spec) {
  for (name in c("etastart", "mustart")) {
    if (!is.null(spec$call[[name]])) {
      input_error("`", name, "` has a value for each row: of a source, give `start` instead.")
    }
  }
  spec[c("call", "formula", "env", "contrasts")]
}

# The columns to ask a source for; NULL for all, as where code of its own looks them up.
wanted_columns <- function(spec) {
  extra <- as.list(spec$call)[c("subset", "weights", "offset")]
  expressions <- c(spec$formula, extra)
  names <- unique(unlist(lapply(expressions, all.vars)))
  any_name <- any(unlist(lapply(expressions, all.names)) %in% c(of_names, of_code))
  if (!any_name && !"." %in% names) names
}

# A list of
#   terms      of the formula, with its dot spelt out
#   flat       terms of the variables alone, where a basis that depends on all the rows is
#              replaced by what it is a basis of
#   bases      those variables' calls, by name
plan_frame <- function(spec, chunk) {
  terms <- tryCatch(
    stats::terms(spec$formula, data = chunk), error = function(e) frame_error(e, spec$formula)
  )
  variables <- as.list(attr(terms, "variables"))[-1L]
  names(variables) <- vapply(variables, variable_name, "")
  response <- attr(terms, "response")
  check_has_response(if (response) variables[[response]])
  bases <- Filter(is_basis, variables[-response])
  flat <- variables
  flat[names(bases)] <- lapply(bases, function(call) call[[2L]])
  others <- Reduce(function(a, b) call("+", a, b), flat[-response], quote(1))
  formula <- stats::as.formula(call("~", flat[[response]], others), environment(spec$formula))
  flat <- stats::terms(formula)
  attr(flat, "predvars") <- attr(flat, "variables")  # else each chunk's frame would look for them
  list(terms = terms, bases = bases, flat = flat)
}

# As model.frame() names them.
variable_name <- function(expression) {
  paste(deparse(expression, width.cutoff = 500L, backtick = !is.symbol(expression)), collapse = " ")
}

# The model frame of a chunk.
frame_of_chunk <- function(spec, plan, chunk) {
  call <- spec$call
  call$data <- chunk
  frame_from_call(call, plan$flat, spec$env)
}

# --- what a chunk cannot know --------------------------------------------------------------------

# Functions of which each row's value depends on that row alone.
row_by_row <- c(
  "+", "-", "*", "/", "^", "%%", "%/%", "(", "I", "!", "&", "|", "==", "!=", "<", ">", "<=", ">=",
  "%in%", "abs", "as.character", "as.factor", "as.integer", "as.logical", "as.numeric", "c",
  "cbind", "ceiling", "cos", "exp", "expm1", "factor", "floor", "ifelse", "is.na", "log", "log10",
  "log1p", "log2", "nchar", "offset", "paste", "paste0", "pmax", "pmin", "round", "sign", "signif",
  "sin", "sqrt", "substr", "tan", "tolower", "toupper", "trunc"
)

# Functions that look up functions, or anything, by names that their first arguments hold; those
# that take code, or names, from anywhere; those that ask for a setting; and those whose value is
# the world's, or the random generator's.
of_functions <- c("do.call", "match.fun", "getFunction")
of_names <- c("get", "get0", "mget", "exists", "dynGet")
of_code <- c(
  "eval", "evalq", "eval.parent", "parse", "str2lang", "str2expression", "source", "sys.source",
  "parent.frame", "sys.function", "sys.frame", "sys.frames", "sys.call", "environment",
  "as.environment", "globalenv", "parent.env", "topenv", "load", "attach", "assign",
  "delayedAssign", "makeActiveBinding", "list2env"
)
of_settings <- c("getOption", "Sys.getenv")
of_world <- c(
  "options", "Sys.time", "Sys.Date", "date", "Sys.info", "Sys.getpid", "Sys.setenv", "proc.time",
  "getwd", "tempfile", "tempdir", "commandArgs", "interactive", "file", "gzfile", "url", "pipe",
  "readLines", "readline", "readRDS", "readBin", "scan", "read.table", "read.csv", "read.delim",
  "fread", "dget", "list.files", "dir", "file.exists", "file.info", "file.size", "system",
  "system2", "sample", "sample.int", "runif", "rnorm", "rbinom", "rpois", "rexp", "rgamma", "rbeta",
  "rt", "rchisq", "rcauchy", "rgeom", "rhyper", "rlogis", "rlnorm", "rmultinom", "rnbinom",
  "rweibull", "rsignrank", "rwilcox", "set.seed", "jitter", ".Call", ".External", ".C", ".Fortran"
)

functions_in <- function(expression) setdiff(all.names(expression), all.vars(expression))

# Expressions whose value has to be looked at, by the names that messages give them.
doubtful_expressions <- function(spec, plan) {
  variables <- as.list(attr(plan$flat, "variables"))[-1L]
  names(variables) <- vapply(variables, variable_name, "")
  extra <- as.list(spec$call)[c("subset", "weights", "offset")]
  all <- c(variables, Filter(Negate(is.null), extra))
  Filter(function(expression) !all(functions_in(expression) %in% row_by_row), all)
}

# An expression that gives rows other values when only some of them are there depends on all rows.
check_row_by_row <- function(doubtful, chunk, spec) {
  if (nrow(chunk) < 2L || length(doubtful) == 0L) return(invisible())
  some <- seq_len(max(1L, nrow(chunk) %/% 3L))
  part <- chunk[some, , drop = FALSE]
  env <- environment(spec$formula)
  for (name in names(doubtful)) {
    whole <- tryCatch(eval(doubtful[[name]], chunk, env), error = function(e) NULL)
    alone <- tryCatch(eval(doubtful[[name]], part, env), error = function(e) NULL)
    if (is.null(whole) || NROW(whole) != nrow(chunk)) next  # model.frame() has better words
    if (same_rows(whole, alone, some)) next
    input_error(
      "`", name, "` depends on all the rows, which a source never has at once: give it its ",
      "parameters (as `knots` and `Boundary.knots` of a spline), or make it a column of the source."
    )
  }
}

same_rows <- function(whole, alone, some) {
  if (NROW(alone) != length(some) || NCOL(alone) != NCOL(whole)) return(FALSE)
  if (is.factor(whole)) return(identical(as.character(whole[some]), as.character(alone)))
  first <- if (is.matrix(whole)) whole[some, , drop = FALSE] else whole[some]
  if (!is.numeric(first)) return(identical(as.vector(first), as.vector(alone)))
  isTRUE(all.equal(as.vector(first), as.vector(alone), tolerance = 1e-12, scale = 1))
}

# A vector from outside the source with a value for each row of a chunk is meant for all rows; of
# several chunks it cannot be.
check_outside <- function(spec, chunk) {
  wanted <- wanted_columns(spec)
  for (name in setdiff(wanted, names(chunk))) {
    value <- get0(name, environment(spec$formula))
    if (is.null(value) || is.function(value) || nrow(chunk) == 1L) next
    if (NROW(value) >= nrow(chunk)) {
      input_error(
        "`", name, "` is not a column of the source: what has a value for each row has to be one."
      )
    }
  }
}

# `subset` by numbers would count the rows of each chunk anew.
check_subset <- function(spec, chunk) {
  expression <- spec$call$subset
  if (is.null(expression)) return(invisible())
  value <- tryCatch(eval(expression, chunk, environment(spec$formula)), error = function(e) TRUE)
  condition <- is.logical(value) && length(value) %in% c(1L, nrow(chunk))
  check_that(condition, value, "`subset` must be a condition on the columns of the source")
}

# Calls of which the parameters are left open.
is_basis <- function(expression) {
  if (!is.call(expression)) return(FALSE)
  switch(function_name(expression),
    scale = {
      given <- as.list(match.call(base::scale, expression))[c("center", "scale")]
      all(vapply(given, function(value) is.null(value) || is.logical(value), NA)) &&
        !all(vapply(given, isFALSE, NA))
    },
    poly = {
      given <- as.list(match.call(stats::poly, expression))
      extra <- setdiff(names(given), c("", "x", "degree", "raw", "simple"))
      length(extra) == 0L && !isTRUE(given$raw) && is_number(poly_degree(expression))
    },
    FALSE
  )
}

# poly(x, 3) and poly(x, degree = 3); NA where it is none of the two.
poly_degree <- function(call) {
  given <- as.list(match.call(stats::poly, call))[-1L]
  if (!"" %in% names(given)) return(if (is.null(given$degree)) 1 else given$degree)
  alone <- which(names(given) == "")
  if (length(alone) == 1L && is.null(given$degree)) given[[alone]] else NA
}

# poly for stats::poly, too.
function_name <- function(call) {
  head <- call[[1L]]
  if (is.call(head) && length(head) == 3L) head <- head[[3L]]
  if (is.symbol(head)) as.character(head) else ""
}

# What the bases are made of, for all rows of a chunk: a list of columns.
basis_arguments <- function(bases, chunk, env) {
  lapply(bases, function(call) {
    x <- tryCatch(eval(call[[2L]], chunk, env), error = function(e) NULL)
    if (!is.numeric(x) || length(x) != nrow(chunk)) {
      input_error(
        "`", variable_name(call), "` depends on all the rows, and can be computed from a source ",
        "for a vector of numbers only."
      )
    }
    if (function_name(call) == "poly" && anyNA(x)) {
      input_error("missing values are not allowed in `", variable_name(call), "`.")
    }
    as.double(x)
  })
}
