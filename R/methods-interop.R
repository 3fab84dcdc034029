# Packages that look at class(x)[1] take an unknown class for one whose statistics are t, not z, or
# whose intervals are symmetric. For their generics here, a fit is a plain glm.
#
# TRUE: the generic may need the decomposition of the rows (leverages, sandwich covariances).
# FALSE: the p x p triangle is enough. With it, leverages are wrong without notice: in doubt, TRUE.
plain_glm_generics <- list(
  generics = c(tidy = FALSE, glance = FALSE, augment = TRUE),
  insight = c(get_statistic = FALSE, get_df = FALSE, get_predicted = TRUE),
  parameters = c(
    model_parameters = TRUE, standard_error = TRUE, p_value = TRUE, degrees_of_freedom = FALSE
  ),
  bayestestR = c(ci = TRUE),
  performance = c(r2 = FALSE, r2_coxsnell = FALSE, r2_mcfadden = FALSE, r2_nagelkerke = FALSE),
  car = c(outlierTest = TRUE),
  marginaleffects = c(sanitize_model_specific = TRUE)
)

as_glm <- function(fit, rows) {
  # broom looks at class(x)[1], too.
  if (!rows) return(structure(as_light_glm(fit), class = c("glm", "lm")))
  if (is_elsewhere(fit)) fit <- bring_rows(fit)
  if (is.null(.subset2(fit, "qr"))) fit[on_demand] <- decompose_again(fit)[on_demand]
  class(fit) <- c("glm", "lm")
  fit
}

# A method that calls the generic again with a plain glm, under the name that the caller gave the
# fit: parameters keeps it, to find the model again. A method's first argument must be called as the
# generic's: callers may name it.
for_glm <- function(package, generic, rows, argument) {
  force(rows)
  again <- call(":::", as.name(package), as.name(generic))
  method <- function(x, ...) {
    name <- eval(call("substitute", as.name(argument)))
    if (!is.symbol(name) || startsWith(as.character(name), "..")) name <- as.name(argument)
    fit <- get(argument, inherits = FALSE)
    # What performance computes is of the number of rows.
    plain <- list(as_glm(fit, rows || (package == "performance" && is_elsewhere(fit))))
    names(plain) <- as.character(name)
    eval(as.call(list(again, name, quote(...))), list2env(plain, parent = environment()))
  }
  names(formals(method))[1] <- argument
  method
}

# When, and only when, a package is there. NAMESPACE can delay a registration too, but then a
# package whose generic is gone (or not yet there, or internal) stops ours from loading.
.onLoad <- function(libname, pkgname) {
  for (package in names(plain_glm_generics)) register_when_loaded(package)
}

register_when_loaded <- function(package) {
  register <- function(...) register_generics(package, plain_glm_generics[[package]])
  if (isNamespaceLoaded(package)) register()
  setHook(packageEvent(package, "onLoad"), register)
}

register_generics <- function(package, rows) {
  namespace <- asNamespace(package)
  for (generic in Filter(function(name) exists(name, namespace, mode = "function"), names(rows))) {
    argument <- names(formals(get(generic, namespace)))[1]
    method <- for_glm(package, generic, rows[[generic]], argument)
    registerS3method(generic, "fastlogit", method, envir = namespace)
  }
}
