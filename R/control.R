#' Control of a fit: convergence, iterations, threads
#'
#' Makes the list that the argument `control` of [fastlogit()] and [fastmultinom()] takes: what
#' [stats::glm.control()] has, and the number of threads. Each may also be given to these functions
#' as an argument of its own, as in `fastlogit(fail ~ temp, data = oring, maxit = 50)`.
#'
#' A fit counts as converged when the gain in log-likelihood that a quadratic model promises for the
#' next step (half the squared Newton decrement) falls below `epsilon` (|deviance| + 0.1) / 2. The
#' iterations then go on until the steps no longer change the linear predictors beyond about
#' 1e-5 `epsilon` (root mean square), which takes Newton's method one or two more; `epsilon`
#' smaller than what doubles can show is met at their floor.
#'
#' @param epsilon a positive number, by which a fit counts as converged; see Details.
#' @param maxit the largest number of iterations, at least 1. Where none is given,
#'   `method = "gradient"` allows 1000, and bias reduction (see [penalty_ridge()]) 100.
#' @param trace logical: print a line for each iteration?
#' @param threads the number of threads, or `NULL` for as many as there are cores (at most two under
#'   `R CMD check`; `OMP_THREAD_LIMIT` is obeyed). The results do not depend on it, down to the last
#'   bit. Small problems use one thread.
#' @param ... nothing: an unknown argument is an error.
#' @return A list of the four components `epsilon`, `maxit` and `trace`, of length one each, and
#'   `threads`, a number or `NULL`.
#' @seealso [fastlogit()], [fastmultinom()]
#' @examples
#' fit <- fastlogit(fail ~ temp, data = oring, control = fastlogit_control(trace = TRUE))
#' # the same
#' fit <- fastlogit(fail ~ temp, data = oring, trace = TRUE)
#' @export
fastlogit_control <- function(epsilon = 1e-8, maxit = 25, trace = FALSE, threads = NULL, ...) {
  check_no_unknown(what = "control argument")
  check_that(is_number(epsilon) && epsilon > 0, epsilon, "`epsilon` must be a positive number")
  check_that(
    is_number(maxit) && maxit >= 1, maxit, "`maxit` must be a number of iterations, at least 1"
  )
  check_that(is_number(as.numeric(trace)), trace, "`trace` must be TRUE or FALSE")
  check_that(
    is.null(threads) || is_number(threads) && threads >= 1, threads,
    "`threads` must be a number of threads, at least 1, or NULL"
  )
  maxit <- min(maxit, .Machine$integer.max)
  list(epsilon = epsilon, maxit = maxit, trace = trace, threads = threads)
}

default_control <- fastlogit_control()

# What a fitting function takes beside its `control`. They are formal arguments, so that editors
# complete them, after the `...`, so that they take neither a place nor an abbreviation from the
# others; abbreviated themselves they come by the `...`, as to glm().
control_arguments <- c("epsilon", "maxit", "trace", "threads")

# Those that the call of a fitting function has by their whole names; frame: its environment.
given_control <- function(call, frame) {
  given <- control_arguments[control_arguments %in% names(call)]
  if (length(given)) mget(given, frame)
}

# `control` may be a list with any of the names; what it lacks is filled in. L-BFGS takes many cheap
# iterations, and steps of adjusted scores may shrink slowly, so their limits are other ones unless
# the user has set them.
# further: settings that were given beside it.
complete_control <- function(control, method, penalty = NULL, further = list()) {
  check_that(is.list(control), control, "`control` must be a list, as fastlogit_control() makes")
  if (length(control) && is.null(names(control))) {
    known <- setdiff(names(formals(fastlogit_control)), "...")
    input_error("`control` must be a list with names: ", quoted(known), ".")
  }
  if (length(further)) {
    twice <- intersect(names(control), names(further))
    if (length(twice)) input_error(quoted(twice), " is given twice, once in `control`.")
    control <- c(control, further)
  }
  given <- control$maxit
  control <- if (length(control)) do.call(fastlogit_control, control) else default_control
  if (is.null(given) && method == "gradient") control$maxit <- 1000L
  if (is.null(given) && adjusts_score(penalty)) control$maxit <- 100L
  control
}

threads_of <- function(control) control$threads %||% default_threads_impl()
