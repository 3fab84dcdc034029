# Fits of smaller and larger models inside of methods for a glm.

# A method for glm whose own fits are glm.fit()'s, with fits of ours, which end at the maximum for
# every link. That such a model is separated, too, is no news.
with_our_fits <- function(method) {
  environment(method) <- list2env(list(glm.fit = refitted), parent = environment(method))
  function(object, ...) method(with_least_deviance(object), ...)
}

refitted <- function(...) {
  with_least_deviance(withCallingHandlers(fastlogit_fit(...), fastlogit_separation = function(w) {
    tryInvokeRestart("muffleWarning")
  }))
}

# A separated fit stops short of the deviance that it comes as close to as one likes: that of the
# rows which are left.
with_least_deviance <- function(fit) {
  if (is.null(fit$separation_details)) return(fit)
  least <- if (fit$separation_details$kind == "complete") 0 else fit$separation_details$limit$deviance
  if (is.null(least)) return(fit)
  if (!is.null(fit$aic)) fit$aic <- fit$aic - (fit$deviance - least)
  fit$deviance <- least
  fit
}

check_dispersion <- function(fit, test) {
  if (is.null(test) || test[1L] == "none" || has_known_dispersion(fit$family)) return(invisible())
  if (!is.nan(dispersion_of(fit))) return(invisible())
  input_error(
    "no residual degrees of freedom are left to estimate the dispersion of ",
    fit$family$family, "() from: there are no tests."
  )
}
