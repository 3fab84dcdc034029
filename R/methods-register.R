# Methods for generics of other packages, registered when these are loaded: a fit of ours answers as
# the glm that it is, but where a penalty or separation makes that wrong.

# Packages that look at class(x)[1] take an unknown class for one whose statistics are t, not z, or
# whose intervals are symmetric. For their generics here, a fit is a plain glm.
#
# TRUE: the generic may need the decomposition of the rows (leverages, sandwich covariances).
# FALSE: the p x p triangle is enough. With it, leverages are wrong without notice: in doubt, TRUE.
plain_glm_generics <- list(
  insight = c(
    get_statistic = FALSE, get_df = FALSE, get_predicted = TRUE, get_parameters = FALSE,
    find_statistic = FALSE
  ),
  parameters = c(standard_error = TRUE, p_value = TRUE, degrees_of_freedom = FALSE),
  performance = c(
    model_performance = FALSE, r2 = FALSE, r2_coxsnell = FALSE, r2_mcfadden = FALSE,
    r2_nagelkerke = FALSE
  ),
  car = c(outlierTest = TRUE),
  marginaleffects = c(sanitize_model_specific = TRUE)
)

# What a plain glm cannot say, as its tests and intervals would be those of another model: these are
# answered by methods of ours (methods-interop.R), or refused.
own_generics <- function() {
  list(
    bayestestR = list(
      ci = ci_of_fit, equivalence_test = unless_separated("bayestestR", "equivalence_test", "x")
    ),
    insight = list(find_algorithm = algorithm_of_fit),
    parameters = list(
      model_parameters = parameters_of_fit,
      simulate_model = unless_separated("parameters", "simulate_model", "model"),
      simulate_parameters = unless_separated("parameters", "simulate_parameters", "model")
    ),
    performance = list(
      test_likelihoodratio = unless_penalised, test_lrt = unless_penalised,
      test_performance = unless_penalised, test_bf = unless_penalised,
      test_vuong = unless_penalised, test_wald = unless_penalised
    )
  )
}

# Of many classes. What is of the probabilities of one class has no value, as later versions of
# performance know.
generics_of_classes <- function() {
  of_two <- function(generic) {
    function(model, ...) {
      fit_warning("fastlogit_many_classes", generic, "() is for two classes, and there are many.")
      NULL
    }
  }
  list(
    insight = list(
      find_statistic = function(x, ...) "z-statistic", find_algorithm = algorithm_of_fit,
      get_parameters = as_of_multinom("insight", "get_parameters", "x"),
      get_statistic = as_of_multinom("insight", "get_statistic", "x")
    ),
    parameters = list(
      standard_error = as_of_multinom("parameters", "standard_error", "model"),
      p_value = as_of_multinom("parameters", "p_value", "model")
    ),
    bayestestR = list(ci = ci_of_classes),
    performance = list(r2_efron = of_two("r2_efron"), r2_mckelvey = of_two("r2_mckelvey"))
  )
}

# Of ordered ones: statistics are z, as summary() has them.
generics_of_ordered <- function() {
  of_classes <- generics_of_classes()
  list(
    insight = of_classes$insight[c("find_statistic", "find_algorithm")],
    performance = of_classes$performance
  )
}

# Of matched sets.
generics_of_sets <- function() {
  list(
    insight = list(
      find_statistic = function(x, ...) "z-statistic",
      get_df = function(x, ...) rep.int(Inf, length(x$coefficients)),
      get_parameters = column_of_sets("estimate", "Estimate"), find_algorithm = algorithm_of_fit
    ),
    parameters = list(
      p_value = column_of_sets("p.value", "p"),
      standard_error = column_of_sets("std.error", "SE"),
      degrees_of_freedom = function(model, ...) Inf
    ),
    bayestestR = list(ci = ci_of_sets)
  )
}

# A method that calls the generic again with a plain glm, under the name that the caller gave the
# fit: parameters keeps it, to find the model again. A method's first argument must be called as the
# generic's: callers may name it.
for_glm <- function(package, generic, rows, argument) {
  force(rows)
  again <- call(":::", as.name(package), as.name(generic))
  method <- function(x, ...) {
    name <- eval(call("substitute", as.name(argument)))
    fit <- get(argument, inherits = FALSE)
    if (is_separated(fit)) refuse_in_limit(fit, generic, list(...))
    # The rows know nothing of a ridge penalty, of which the triangle does.
    rows <- if (is_ridge(fit)) {
      check_no_sandwich(list(...)$vcov)
      generic == "outlierTest"
    } else {
      rows || !is.null(list(...)$vcov)
    }
    # Each of them is asked for many times.
    if (package == "performance") fit <- in_memory(fit)
    plain <- plain_glm(fit, rows)
    answer <- call_by_name(again, name, argument, plain, list(quote(...)), environment())
    if (!is_separated(fit)) answer else in_limit(answer, fit, generic)
  }
  names(formals(method))[1] <- argument
  method
}

# When, and only when, a package is there. NAMESPACE can delay a registration too, but then a
# package whose generic is gone (or not yet there, or internal) stops ours from loading.
register_all <- function() {
  for (package in union(names(plain_glm_generics), names(own_generics()))) {
    when_loaded(package, function(package) {
      register_generics(package, plain_glm_generics[[package]], own_generics()[[package]])
      register_methods(package, generics_of_classes()[[package]], "fastmultinom")
      register_methods(package, generics_of_ordered()[[package]], "fastordinal")
      register_methods(package, generics_of_sets()[[package]], "fastclogit")
    })
  }
}

when_loaded <- function(package, register) {
  force(package)
  if (isNamespaceLoaded(package)) register(package)
  setHook(packageEvent(package, "onLoad"), function(...) register(package))
}

register_generics <- function(package, rows, own = NULL) {
  for_it <- lapply(stats::setNames(nm = names(rows)), function(generic) {
    f <- get0(generic, asNamespace(package), mode = "function")
    if (!is.null(f)) for_glm(package, generic, rows[[generic]], names(formals(f))[1L])
  })
  register_methods(package, c(for_it, own), "fastlogit")
}

# Of those generics that the package, in its version, has.
register_methods <- function(package, methods, class) {
  namespace <- asNamespace(package)
  for (generic in names(methods)) {
    if (is.null(get0(generic, namespace, mode = "function"))) next
    registerS3method(generic, class, methods[[generic]], envir = namespace)
  }
}
