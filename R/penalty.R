#' Penalties: bias reduction and ridge
#'
#' What the argument `penalty` of [fastlogit()] and [fastmultinom()] may be, besides `"none"`. A
#' penalised fit is finite where the maximum-likelihood estimate is not, as under separation.
#'
#' Three penalties adjust the score by sums over the rows of their leverages \eqn{h_i}{h_i}, with
#' \eqn{I}{I} the expected information. They have no tuning parameter but Jeffreys' power, do not
#' depend on the units of the columns, and their effect vanishes as the rows become many.
#' \describe{
#'   \item{`"firth"`}{reduces the bias of the estimates:
#'     \eqn{h_i \mu_i'' / (2 \mu_i')}{h_i mu_i'' / (2 mu_i')} is added to the score of row i in
#'     \eqn{\eta_i}{eta_i} (Kosmidis and Firth 2009). For the logit link, and for many classes
#'     (Kosmidis and Firth 2011), that is Firth's (1993) penalised likelihood with the penalty
#'     \eqn{\log\det I / 2}{log(det(I)) / 2}.}
#'   \item{`"median"`}{reduces the bias of their medians: each estimate is as likely too large as
#'     too small, nearly (Kenne Pagui, Salvan and Sartori 2017). It changes with the contrasts
#'     of a factor as a median does, but not with the units of a column.}
#'   \item{`"jeffreys"`, or `penalty_jeffreys(power)`}{adds `power` times \eqn{\log\det
#'     I}{log(det(I))} to the log-likelihood, whatever the link (Kosmidis and Firth 2021); `power =
#'     0.5` is Jeffreys' prior. Smaller powers shrink less.}
#' }
#' They are found by Fisher scoring, to the same precision as other estimates; a pass over the rows
#' for the leverages costs as much as one for the information.
#'
#' `penalty_ridge(lambda)` takes \eqn{\lambda \sum_j \beta_j^2 / 2}{lambda / 2 times the sum of
#' beta_j^2} off the log-likelihood (le Cessie and van Houwelingen 1992; not off its mean, as some
#' packages do: there `lambda` is ours divided by the sum of the weights), in the units of the
#' columns as they are: scale them first if that is meant, or give each coefficient a `lambda` of
#' its own, by name. Of many classes these are the coefficients relative to the baseline, so the
#' fit depends on which class that is. With `symmetric = TRUE` they are those of all K classes
#' around their mean, and it does not: \eqn{\lambda \sum_j (\sum_k \beta_{kj}^2 - (\sum_k
#' \beta_{kj})^2 / K) / 2}{lambda / 2 times the sum over j of sum_k beta_kj^2 - (sum_k beta_kj)^2 /
#' K}, as packages have it that give each class coefficients.
#'
#' With the log link Jeffreys' penalty has no maximum where a fitted probability can come to 1: the
#' information grows without bound there, and the fit says that it did not converge.
#'
#' Weights count as numbers of cases: a row of weight 2 is two rows.
#'
#' @section What a penalised fit holds:
#' `deviance` and `logLik()` are those of the likelihood alone, at the penalised estimate, and `aic`
#' counts every coefficient as one. `penalised_loglik` is the log-likelihood with its penalty, `NA`
#' where there is no such function (`"median"`, and `"firth"` with another link than the logit).
#' Standard errors are those of the expected information, for ridge of the information plus the
#' penalty's curvature. With [stats::quasibinomial()] the adjustment is that of dispersion 1, and
#' the dispersion is estimated afterwards as usual. Columns are aliased as without a penalty.
#'
#' Where there is a penalised log-likelihood, intervals and tests come from it (Heinze and Schemper
#' 2002): [confint()], [profile()], [lr_test()], [drop1.fastlogit()]. Otherwise they are Wald's.
#'
#' @param power a number: how often the log-determinant counts.
#' @param lambda a non-negative number: how much the sum of squares counts. Or such numbers with the
#'   names of coefficients (of a class, where there are many): the others are left alone.
#' @param unpenalised the names of the coefficients that are left alone.
#' @param symmetric logical: the same for all classes, the baseline among them? See Details.
#' @return An object of class `fastlogit_penalty`, for the argument `penalty`. The coefficients of
#'   the penalised fit are on the scale that they have without a penalty: log odds ratios for the
#'   logit link.
#' @references
#' Firth, D. (1993) Bias reduction of maximum likelihood estimates. *Biometrika* **80**, 27-38.
#'
#' Heinze, G. and Schemper, M. (2002) A solution to the problem of separation in logistic
#' regression. *Statistics in Medicine* **21**, 2409-2419.
#'
#' Kenne Pagui, E. C., Salvan, A. and Sartori, N. (2017) Median bias reduction of maximum likelihood
#' estimates. *Biometrika* **104**, 923-938.
#'
#' Kosmidis, I. and Firth, D. (2009) Bias reduction in exponential family nonlinear models.
#' *Biometrika* **96**, 793-804.
#'
#' Kosmidis, I. and Firth, D. (2011) Multinomial logit bias reduction via the Poisson log-linear
#' model. *Biometrika* **98**, 755-759.
#'
#' Kosmidis, I. and Firth, D. (2021) Jeffreys-prior penalty, finiteness and shrinkage in
#' binomial-response generalized linear models. *Biometrika* **108**, 71-82.
#'
#' le Cessie, S. and van Houwelingen, J. C. (1992) Ridge estimators in logistic regression. *Applied
#' Statistics* **41**, 191-201.
#' @seealso [fastlogit()], [fastmultinom()]
#' @examples
#' # y is 1 wherever x is 3: the maximum-likelihood estimate does not exist
#' d <- data.frame(x = c(1, 1, 2, 2, 2, 3, 3, 3), y = c(0, 0, 0, 1, 0, 1, 1, 1))
#' fastlogit(y ~ x, data = d, penalty = "firth")
#' fastlogit(y ~ x, data = d, penalty = penalty_jeffreys(0.25))
#' fastlogit(y ~ x, data = d, penalty = penalty_ridge(0.1))
#' @export
penalty_ridge <- function(lambda, unpenalised = "(Intercept)", symmetric = FALSE) {
  check_lambda(lambda)
  check_that(
    is.character(unpenalised) || is.null(unpenalised), unpenalised,
    "`unpenalised` must be names of coefficients, or NULL"
  )
  new_penalty("ridge", lambda, unpenalised, check_flag(symmetric, "symmetric"))
}

check_lambda <- function(lambda) {
  each <- !is.null(names(lambda))
  check_that(
    is.numeric(lambda) && (each || length(lambda) == 1L), lambda,
    "`lambda` must be a non-negative number, or such numbers with the names of coefficients"
  )
  bad <- lambda[!is.finite(lambda) | lambda < 0]
  if (length(bad)) input_error("`lambda` must be finite and non-negative: found ", bad[[1L]], ".")
  twice <- names(lambda)[duplicated(names(lambda))]
  if (length(twice)) input_error("`lambda` names ", quoted(twice[1L]), " twice.")
}

#' @rdname penalty_ridge
#' @export
penalty_jeffreys <- function(power = 0.5) {
  check_that(is_number(power) && power >= 0, power, "`power` must be a non-negative number")
  new_penalty("jeffreys", power)
}

new_penalty <- function(name, amount, unpenalised = NULL, symmetric = FALSE) {
  structure(
    list(name = name, amount = amount, unpenalised = unpenalised, symmetric = symmetric),
    class = "fastlogit_penalty"
  )
}

#' @export
print.fastlogit_penalty <- function(x, ...) {
  cat(penalty_title(x), "\n", sep = "")
  invisible(x)
}

# "ridge penalty (lambda 0.1)"
penalty_title <- function(penalty) {
  switch(penalty$name,
    ridge = paste0(
      if (penalty$symmetric) "symmetric ", "ridge penalty (lambda ",
      paste(vapply(unique(range(penalty$amount)), format, ""), collapse = " to "), ")"
    ),
    jeffreys = paste0("Jeffreys' penalty (power ", format(penalty$amount), ")"),
    firth = "mean bias reduction", median = "median bias reduction"
  )
}

# From what the user gave: NULL for none.
as_penalty <- function(penalty, method) {
  if (identical(penalty, "none")) return(NULL)
  if (is_selecting(penalty)) {
    input_error(
      "`penalty = \"", penalty, "\"` sets coefficients to zero, which fastlogit does not do: use ",
      "package glmnet, as in glmnet::cv.glmnet(x, y, family = \"binomial\"). penalty_ridge() ",
      "shrinks all of them."
    )
  }
  if (!inherits(penalty, "fastlogit_penalty")) {
    known <- c("none", "firth", "median", "jeffreys")
    check_that(
      is.character(penalty) && length(penalty) == 1L && penalty %in% known, penalty,
      "`penalty` must be one of ", paste0("\"", known, "\"", collapse = ", "),
      ", or made by penalty_jeffreys() or penalty_ridge()"
    )
    penalty <- new_penalty(penalty, 0.5)
  }
  if (method == "gradient" && adjusts_score(penalty)) {
    input_error(
      "method = \"gradient\" does without the information, which ", penalty_title(penalty),
      " needs at every step: use another method."
    )
  }
  penalty
}

# Names of penalties that select predictors.
is_selecting <- function(penalty) {
  is.character(penalty) && length(penalty) == 1L &&
    gsub("[^a-z]", "", tolower(penalty)) %in% c("lasso", "elasticnet")
}

is_ridge <- function(fit) identical(.subset2(fit, "penalty")$name, "ridge")

# Those penalties that are found by Fisher scoring, whatever the method.
adjusts_score <- function(penalty) !is.null(penalty) && penalty$name != "ridge"

# As the C++ core reads it, for the columns of a design.
penalty_of_columns <- function(penalty, columns) {
  if (is.null(penalty)) return(NULL)
  each <- !is.null(names(penalty$amount))
  list(
    name = if (penalty$symmetric) "symmetric ridge" else penalty$name,
    amount = if (each) 1 else penalty$amount,
    penalised = if (each) lambda_of_columns(penalty, columns) else
      as.numeric(!columns %in% penalty$unpenalised)
  )
}

# Of a ridge penalty: what each column's squares count.
lambda_of_columns <- function(penalty, columns) {
  if (is.null(names(penalty$amount))) return(penalty$amount * !columns %in% penalty$unpenalised)
  found <- unname(penalty$amount[columns])
  replace(found, is.na(found), 0)
}

check_penalised_columns <- function(penalty, columns) {
  if (is.null(penalty)) return(invisible())
  check_column_names(penalty$unpenalised, "unpenalised", columns)
  check_column_names(names(penalty$amount), "lambda", columns)
}

check_column_names <- function(names, argument, columns) {
  unknown <- setdiff(names, c(columns, "(Intercept)"))
  if (length(unknown) == 0L) return(invisible())
  input_error(
    "`", argument, "` must name coefficients: found ", quoted(unknown), "; known are ",
    listed(paste0("\"", columns, "\""), 10L), "."
  )
}

# What the penalty adds to the log-likelihood at the estimate, in the user's units; NA where there
# is no such value. columns: that of each coefficient, of those of one predictor where each has the
# same.
penalty_value <- function(penalty, solved, columns, canonical) {
  if (penalty$name == "ridge") {
    lambda <- lambda_of_columns(penalty, columns)
    beta <- matrix(solved$coefficients, length(lambda))
    share <- if (penalty$symmetric) 1 / (ncol(beta) + 1) else 0
    return(-sum(lambda * (rowSums(beta^2) - share * rowSums(beta)^2)) / 2)
  }
  if (!penalises_likelihood(penalty, canonical) || is.null(solved$expected)) return(NA_real_)
  penalty$amount * log_determinant(solved$expected, !solved$aliased)
}

# Is the adjusted score the gradient of something? canonical: the link.
penalises_likelihood <- function(penalty, canonical) {
  penalty$name %in% c("ridge", "jeffreys") || (penalty$name == "firth" && canonical)
}

# Of an information, from its factor.
log_determinant <- function(factor, kept) {
  if (is.matrix(factor)) return(2 * sum(log(abs(diag(factor)))))
  pivots <- factor$value[factor$start[-length(factor$start)] + 1]
  2 * sum(log(pivots[kept[factor$order + 1L]]))
}

# Are the expected and the observed information the same?
has_canonical_link <- function(fit) {
  is.null(fit$steps) && (is.null(fit$family) || is_canonical(fit$family))
}

# What a fit keeps of its penalty. The solver's value is in units of its own.
with_penalty <- function(fit, penalty, solved, columns) {
  many <- is.null(fit$family)
  value <- penalty_value(penalty, solved, columns, has_canonical_link(fit))
  loglik <- if (many) -fit$deviance / 2 else fit$rank - fit$aic / 2
  fit$penalty <- penalty
  fit$penalised_loglik <- loglik + value
  if (!is.na(value)) fit$history$logLik <- fit$history$logLik + (value - solved$penalty)
  fit
}
