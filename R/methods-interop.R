# Packages that look at class(x)[1] take an unknown class for one whose statistics are t, not z: for them
# the object is a plain glm. The methods are registered when, and only when, the package is there.

# rows: may the caller need the decomposition of the rows (leverages, sandwich covariances), or is the p x p
# triangle enough? With the triangle, leverages are wrong without notice: in doubt, the rows.
as_glm <- function(fit, rows) {
  if (!rows) return(as_light_glm(fit))
  if (is.null(.subset2(fit, "qr"))) fit[on_demand] <- decompose_again(fit)[on_demand]
  class(fit) <- c("glm", "lm")
  fit
}

# A method that calls the same generic of the package with a plain glm, under the name that the caller gave
# the fit: parameters keeps it, to find the model again.
for_glm <- function(package, generic, rows = FALSE) {
  force(package)
  force(generic)
  force(rows)
  function(x, ...) {
    name <- substitute(x)
    if (!is.symbol(name)) name <- quote(x)
    plain <- list2env(stats::setNames(list(as_glm(x, rows)), as.character(name)), parent = environment())
    eval(as.call(list(getExportedValue(package, generic), name, quote(...))), plain)
  }
}

#' @exportS3Method generics::tidy
tidy.fastlogit <- for_glm("generics", "tidy")

#' @exportS3Method generics::glance
glance.fastlogit <- for_glm("generics", "glance")

#' @exportS3Method generics::augment
augment.fastlogit <- for_glm("generics", "augment", rows = TRUE)

#' @exportS3Method insight::get_statistic
get_statistic.fastlogit <- for_glm("insight", "get_statistic")

#' @exportS3Method insight::get_df
get_df.fastlogit <- for_glm("insight", "get_df")

#' @exportS3Method insight::get_predicted
get_predicted.fastlogit <- for_glm("insight", "get_predicted", rows = TRUE)

#' @exportS3Method parameters::model_parameters
model_parameters.fastlogit <- for_glm("parameters", "model_parameters", rows = TRUE)

#' @exportS3Method parameters::ci
ci.fastlogit <- for_glm("parameters", "ci", rows = TRUE)

#' @exportS3Method parameters::standard_error
standard_error.fastlogit <- for_glm("parameters", "standard_error", rows = TRUE)

#' @exportS3Method parameters::p_value
p_value.fastlogit <- for_glm("parameters", "p_value", rows = TRUE)

#' @exportS3Method parameters::degrees_of_freedom
degrees_of_freedom.fastlogit <- for_glm("parameters", "degrees_of_freedom")

#' @exportS3Method performance::r2
r2.fastlogit <- for_glm("performance", "r2")

#' @exportS3Method performance::r2_coxsnell
r2_coxsnell.fastlogit <- for_glm("performance", "r2_coxsnell")

#' @exportS3Method performance::r2_mcfadden
r2_mcfadden.fastlogit <- for_glm("performance", "r2_mcfadden")

#' @exportS3Method performance::r2_nagelkerke
r2_nagelkerke.fastlogit <- for_glm("performance", "r2_nagelkerke")

#' @exportS3Method car::outlierTest
outlierTest.fastlogit <- for_glm("car", "outlierTest", rows = TRUE)
