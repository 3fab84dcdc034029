# Leverages and what follows from them; of sparse fits without a decomposition of all that is dense.

#' @importFrom stats hatvalues
#' @export
hatvalues.fastlogit <- function(model, ...) {
  if (!is_sparse_fit(model)) return(NextMethod())
  without_na(stats::naresid(model$na.action, leverages(model)))
}

#' @importFrom stats influence
#' @export
influence.fastlogit <- function(model, do.coef = TRUE, ...) {
  if (do.coef || !is_sparse_fit(model)) {
    return(method_of("stats", "influence", "glm")(as_decomposed(model), do.coef, ...))
  }
  # Rows without weight have no influence, and rows that na.exclude has left out come back.
  of_used <- function(type) {
    complete <- model
    complete$na.action <- NULL
    stats::residuals(complete, type)[model$prior.weights != 0]
  }
  padded <- function(values) stats::naresid(model$na.action, values)
  hat <- leverages(model)
  deviance_residuals <- of_used("deviance")
  rest <- sum(deviance_residuals^2) - deviance_residuals^2 / (1 - hat)
  sigma <- sqrt(pmax(0, rest) / (model$df.residual - 1L))
  list(
    hat = without_na(padded(hat)), sigma = padded(sigma),
    dev.res = padded(deviance_residuals), pear.res = padded(of_used("pearson"))
  )
}

# Far on the way to infinity weights vanish, and the rows no longer tell some coefficients: without
# those, as lm.influence() takes the decomposition and the coefficients to be of one rank.
as_decomposed <- function(model) {
  qr <- model$qr
  if (is.null(qr) || qr$rank == model$rank) return(model)
  model$coefficients[qr$pivot[seq_along(qr$pivot) > qr$rank]] <- NA
  model$rank <- qr$rank
  model$qr <- qr
  model
}

#' @importFrom stats dfbeta
#' @export
dfbeta.fastlogit <- function(model, infl = stats::lm.influence(as_decomposed(model)), ...) {
  method_of("stats", "dfbeta", "lm")(as_decomposed(model), infl, ...)
}

#' @importFrom stats dfbetas
#' @export
dfbetas.fastlogit <- function(model, infl = stats::lm.influence(as_decomposed(model)), ...) {
  model <- as_decomposed(model)
  if (model$rank == 0L) return(stats::dfbeta(model, infl))
  method_of("stats", "dfbetas", "lm")(model, infl, ...)
}

# influence.measures() names its columns by them.
#' @importFrom stats variable.names
#' @export
variable.names.fastlogit <- function(object, ...) {
  method_of("stats", "variable.names", "lm")(as_decomposed(object), ...)
}

# A row that is not there has no leverage.
without_na <- function(hat) {
  hat[is.na(hat)] <- 0
  hat
}

leverages <- function(fit) {
  rows <- sparse_rows(fit, NULL, NULL)
  used <- fit$prior.weights != 0
  hat <- fit$weights[used] * quadratic_forms(fit, rows$x[used, , drop = FALSE])
  names(hat) <- rows$names[used]
  hat
}
