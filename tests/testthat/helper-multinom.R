# Many classes: the data sets, the reference implementations, and the model written out in plain R.

# --- data ---------------------------------------------------------------------------------------

# Data sets of three classes and more that are not separated. Predictors are scaled to about 1, as
# multinom()'s quasi-Newton method has few digits otherwise. By name: the formula, the data and
# further arguments, quoted.
multinomial_data <- function() {
  sets <- c(multinomial_data_datasets(), multinomial_data_mass(), multinomial_data_others())
  installed <- vapply(sets, function(set) requireNamespace(set$package, quietly = TRUE), NA)
  by_name(lapply(sets[installed], function(set) {
    set$data <- set$make()
    set
  }))
}

class_data <- function(name, package, formula, make, arguments = list()) {
  list(name = name, package = package, formula = formula, make = make, arguments = arguments)
}

multinomial_data_datasets <- function() {
  list(
    class_data("hair", "datasets", hair ~ Eye + Sex, hair_counts),
    class_data(
      "titanic", "datasets", Class ~ Sex + Survived,
      function() as.data.frame(datasets::Titanic), alist(weights = Freq)
    ),
    class_data("infert", "datasets", education ~ years + parity + spontaneous, function() {
      transform(datasets::infert, years = age / 10)
    }),
    class_data("warpbreaks", "datasets", tension ~ I(breaks / 10) + wool, function() {
      datasets::warpbreaks
    }),
    class_data("iris", "datasets", Species ~ Sepal.Width, function() datasets::iris)
  )
}

multinomial_data_mass <- function() {
  list(
    class_data(
      "housing", "MASS", Sat ~ Infl + Type + Cont, function() MASS::housing, alist(weights = Freq)
    ),
    class_data("birthwt", "MASS", race ~ I(age / 10) + I(lwt / 100) + smoke, function() {
      transform(MASS::birthwt, race = factor(race, labels = c("white", "black", "other")))
    }),
    class_data("cars", "MASS", DriveTrain ~ I(Price / 10) + Origin, function() MASS::Cars93),
    class_data("survey", "MASS", Exer ~ Sex + I(Pulse / 10) + I(Age / 10), function() MASS::survey)
  )
}

multinomial_data_others <- function() {
  list(
    class_data("pbc", "survival", factor(stage) ~ I(age / 10) + log(bili) + albumin, function() {
      survival::pbc
    }),
    class_data("colon", "survival", factor(differ) ~ rx + sex + I(age / 10) + nodes, function() {
      survival::colon[survival::colon$etype == 1, ]
    }),
    class_data("bdf", "nlme", denomina ~ IQ.verb + I(ses / 10), function() nlme::bdf),
    class_data("melanoma", "boot", factor(status) ~ sex + I(age / 10) + thickness, function() {
      boot::melanoma
    })
  )
}

# A matrix of class counts, one row for each eye colour and sex.
hair_counts <- function() {
  long <- as.data.frame(datasets::HairEyeColor)
  wide <- stats::reshape(
    long,
    direction = "wide", idvar = c("Eye", "Sex"), timevar = "Hair", v.names = "Freq"
  )
  counts <- as.matrix(wide[, -(1:2)])
  dimnames(counts) <- list(NULL, levels(long$Hair))
  d <- data.frame(Eye = wide$Eye, Sex = wide$Sex)
  d$hair <- counts
  d
}

# A softmax model of known coefficients: y, x1, x2 and g, a factor.
simulate_classes <- function(n, classes = 3, seed = 1) {
  with_seed(seed, {
    d <- data.frame(
      x1 = stats::rnorm(n), x2 = stats::rnorm(n), g = factor(sample(c("u", "v", "w"), n, TRUE))
    )
    beta <- matrix(stats::rnorm(3 * classes), 3)
    eta <- cbind(1, d$x1, d$x2) %*% beta
    chosen <- max.col(eta - log(-log(matrix(stats::runif(n * classes), n))))
    d$y <- factor(letters[chosen], letters[seq_len(classes)])
    d
  })
}

# --- fits ---------------------------------------------------------------------------------------

# Fits `set` by a function, whose call finds the data as `d`.
fit_classes_of <- function(set, fitter, ...) {
  env <- list2env(list(d = set$data), parent = parent.frame())
  formula <- set$formula
  environment(formula) <- env
  eval(as.call(c(fitter, formula, data = quote(d), set$arguments, list(...))), env)
}

# At 1e-15, multinom() goes on as long as the deviance changes.
fit_multinom <- function(set, ...) {
  fit_classes_of(set, nnet::multinom, reltol = 1e-15, maxit = 1e4, Hess = TRUE, trace = FALSE, ...)
}

# Coefficients and covariances, class by class. vglm() takes no rows of zero weight.
estimates_of_vglm <- function(set, classes) {
  set$formula <- vgam_formula(set)
  weights <- eval(set$arguments$weights, set$data)
  if (!is.null(weights)) set$data <- set$data[weights > 0, ]
  fit <- suppressWarnings(fit_classes_of(
    set, VGAM::vglm,
    family = VGAM::multinomial(refLevel = 1), epsilon = 1e-12, maxit = 100
  ))
  # vglm() runs through the classes for each term.
  order <- as.vector(t(matrix(seq_along(VGAM::coef(fit)), classes - 1L)))
  list(
    coefficients = unname(VGAM::coef(fit)[order]), vcov = unname(VGAM::vcov(fit)[order, order])
  )
}

# An ordered response would make vglm() warn.
vgam_formula <- function(set) {
  response <- set$formula[[2L]]
  if (is.matrix(eval(response, set$data))) return(set$formula)
  stats::update(set$formula, substitute(factor(y, ordered = FALSE) ~ ., list(y = response)))
}

by_class <- function(coefficients) as.vector(t(coefficients))

# --- the over-parametrised model ----------------------------------------------------------------

# Newton's method from zero on K coefficient vectors, by the pseudo-inverse of a Hessian that is
# singular along the common shifts. `y`: n x K indicators or proportions; `weights`: a number a row.
# Bishop (2006), eqs. 4.109 and 4.110. A list: coefficients, K x p, and vcov, class by class.
reference_softmax <- function(x, y, weights = rep(1, nrow(x))) {
  classes <- ncol(y)
  beta <- matrix(0, ncol(x), classes)
  for (iteration in 1:50) {
    odds <- exp(x %*% beta)
    p <- odds / rowSums(odds)
    blocks <- lapply(seq_len(classes), function(j) {
      do.call(cbind, lapply(seq_len(classes), function(k) {
        crossprod(x, weights * p[, j] * ((j == k) - p[, k]) * x)
      }))
    })
    inverse <- MASS::ginv(do.call(rbind, blocks), tol = 1e-10)
    step <- inverse %*% as.vector(crossprod(x, weights * (y - p)))
    beta <- beta + as.vector(step)
    if (max(abs(step)) < 1e-11) break
  }
  list(coefficients = t(beta), vcov = inverse)
}

# The value of `code`, which must not warn.
expect_no_warning_from <- function(code) {
  expect_warning(value <- code, NA)
  value
}

# n x K zeros and ones.
class_indicators <- function(y) {
  indicators <- outer(as.integer(y), seq_along(levels(y)), "==") + 0
  dimnames(indicators) <- list(NULL, levels(y))
  indicators
}

# A response without rows of some class makes a fit warn before it may fail.
without_class_warning <- function(code) {
  withCallingHandlers(
    code,
    fastlogit_empty_class = function(condition) invokeRestart("muffleWarning")
  )
}

message_of <- function(code) tryCatch(without_class_warning(code), error = conditionMessage)

# A fit of classes in order, whose order is not the matter.
without_order <- function(fit) suppressMessages(fit, classes = "fastlogit_ordered_response")
