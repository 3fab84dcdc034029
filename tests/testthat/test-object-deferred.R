# What a large fit has for each row is made when it is asked for, and is what a fit would have kept.

calls_of_many_rows <- function() {
  alist(
    plain = fastlogit(y ~ x + z + f + o + w, data = d),
    renamed = fastlogit(y ~ x + z + f + o + w, data = named),
    left_out = fastlogit(y ~ gap + z + f + o + w, data = d),
    excluded = fastlogit(y ~ gap + z + f + o + w, data = d, na.action = na.exclude),
    subset = fastlogit(y ~ x + z + f + o + w, data = d, subset = z > 0.01),
    weighted = fastlogit(cbind(n1, n2) ~ x + z + f + o + w, data = d, weights = w),
    offsets = fastlogit(y ~ x + z + f + w + g + offset(o), data = d, offset = o / 2),
    probit = fastlogit(y == 1 ~ poly(x, 2) + log1p(z) + f + w, binomial("probit"), d),
    quasi = fastlogit(cbind(n1, n2) ~ x + z + f + o + w, quasibinomial(), d),
    aliased = fastlogit(y ~ x + I(2 * x) + z + f + o, data = d),
    firth = fastlogit(y ~ x + z + f + o + w, data = d, penalty = "firth"),
    without_y = fastlogit(y ~ x + z + f + o + w, data = d, y = FALSE),
    without_frame = fastlogit(y ~ gap + z + f + o + w, data = named, model = FALSE, weights = w),
    classes = fastmultinom(g ~ x + z + f + o + w, data = d),
    class_weights = fastmultinom(g ~ gap + z + f + w, data = named, weights = w, model = FALSE),
    class_counts = fastmultinom(cbind(n1, n2, w) ~ x + z + f + o + g, data = d),
    class_offset = fastmultinom(g ~ x + z + f + w + y + offset(o), data = d, reference = "b")
  )
}

fits_of_many_rows <- function(names) {
  d <- many_rows()
  named <- `rownames<-`(d, paste0("row", seq_len(nrow(d))))
  lapply(calls_of_many_rows()[names], eval, environment())
}

# By the definitions, from the model matrix.
expect_values_of_rows <- function(fit, label) {
  family <- fit$family
  x <- model.matrix(fit)
  beta <- coef(fit)
  known <- !is.na(beta)
  eta <- drop(x[, known] %*% beta[known]) + (fit$offset %||% 0)
  expect_equal(fit$linear.predictors, eta, tolerance = 1e-12, label = label)
  eta <- fit$linear.predictors
  mu <- family$linkinv(eta)
  expect_equal(fit$fitted.values, mu, tolerance = 1e-15, label = label)
  y <- model.response(model.frame(fit))
  weights <- model.weights(model.frame(fit)) %||% rep(1, length(eta))
  if (is.matrix(y)) {
    weights <- weights * rowSums(y)
    y <- ifelse(rowSums(y) > 0, y[, 1] / rowSums(y), 0)
  }
  expect_equal(unname(fit$prior.weights), unname(weights), label = label)
  used <- weights > 0
  residuals <- (y - mu) / family$mu.eta(eta)
  expect_equal(fit$residuals[used], residuals[used], tolerance = 1e-14, label = label)
  working <- weights * family$mu.eta(eta)^2 / family$variance(mu)
  expect_equal(unname(fit$weights), unname(working), tolerance = 1e-10, label = label)
  expect_identical(names(fit$residuals), row.names(model.frame(fit)), label = label)
}

test_that("the values of each row are those of the estimates, for fits of all kinds", {
  fits <- fits_of_many_rows(setdiff(names(calls_of_many_rows()), c(
    "classes", "class_weights", "class_counts", "class_offset"
  )))
  for (name in names(fits)) {
    expect_true(is_deferred(fits[[name]]), label = name)
    expect_values_of_rows(fits[[name]], name)
  }
  expect_null(fits$without_y$y)
  expect_false("y" %in% names(fits$without_y))
  y <- model.response(model.frame(fits$plain))
  expect_identical(fits$plain$y, y + 0)
})

test_that("those of many classes are those of the estimates", {
  fits <- fits_of_many_rows(c("classes", "class_weights", "class_counts", "class_offset"))
  for (name in names(fits)) {
    fit <- fits[[name]]
    expect_true(is_deferred(fit), label = name)
    eta <- model.matrix(fit) %*% t(coef(fit)) + (fit$offset %||% 0)
    expect_equal(fit$linear.predictors, eta, tolerance = 1e-12, label = name, ignore_attr = TRUE)
    p <- cbind(1, exp(eta))
    expect_equal(fit$fitted.values, p / rowSums(p), tolerance = 1e-12, ignore_attr = TRUE)
    expect_identical(dimnames(fit$fitted.values), list(row.names(model.frame(fit)), fit$lab))
    expect_equal(sum(fit$weights), nobs(fit), label = name)
    observed <- fit$fitted.values + fit$residuals
    expect_equal(rowSums(observed), rep(1, nrow(eta)), ignore_attr = TRUE)
    expect_equal(fitted(fit), napredict(fit$na.action, fit$fitted.values))
  }
})

test_that("a fit that keeps them, and one that makes them, have the same to the last bit", {
  d <- many_rows(700)
  fits <- list(
    plain = fastlogit(y ~ x + z + f, data = d),
    weighted = fastlogit(cbind(n1, n2) ~ gap + z + f, quasibinomial(), d, weights = w + 1),
    probit = fastlogit(y ~ gap * f + offset(o), binomial("probit"), d, na.action = na.exclude),
    classes = fastmultinom(g ~ gap + z + f + offset(o), data = d, weights = w),
    two = fastmultinom(factor(y) ~ x + f, data = d)
  )
  for (name in names(fits)) {
    kept <- fits[[name]]
    made <- as_deferred(kept)
    for (part in names(made)) {
      if (part == "deferred") next
      expect_identical(made[[part]], kept[[part]], label = paste(name, part))
      expect_identical(eval(call("$", made, part)), kept[[part]], label = paste(name, part))
    }
    rows <- setdiff(deferred_rows(kept), if (is.null(kept$family)) character() else "none")
    expect_true(all(vapply(rows, function(part) is.null(unclass(made)[[part]]), NA)), label = name)
    expect_identical(nobs(made), nobs(kept))
    expect_equal(logLik(made), logLik(kept))
    expect_identical(extractAIC(made), extractAIC(kept))
    expect_identical(residuals(made), residuals(kept))
    expect_identical(coef(summary(made)), coef(summary(kept)))
    expect_identical(printed(summary(made)), printed(summary(kept)))
    expect_identical(predict(made), predict(kept))
  }
})

test_that("what reads a fit as a list finds all that there is", {
  fit <- fastlogit(fail ~ temp, data = oring)
  made <- as_deferred(fit)
  expect_identical(intersect(names(made), names(fit)), setdiff(names(fit), c("qr", "R", "effects")))
  for (i in which(names(made) %in% row_components)) {
    expect_identical(made[[i]], fit[[names(made)[i]]])
  }
  expect_identical(made[c("y", "residuals", "aic")], fit[c("y", "residuals", "aic")])
  expect_identical(with(made, sum(y - fitted.values)), with(fit, sum(y - fitted.values)))
  expect_identical(lapply(made, length)$residuals, 23L)
  expect_identical(made$resid, fit$residuals)
  expect_output(str(made), "residuals *: Named num \\[1:23\\]")
  kept <- readRDS(local({
    file <- tempfile()
    saveRDS(made, file)
    file
  }))
  expect_identical(kept$residuals, fit$residuals)
  expect_identical(kept$data, oring)
  # As with any list: a component that is taken away is gone, and one that is set is that.
  made$residuals <- NULL
  expect_null(made$residuals)
  made$y <- 1:23
  expect_identical(made$y, 1:23)
  made$coefficients[] <- 0
  expect_identical(made$linear.predictors, fit$linear.predictors)
})

test_that("data that the model frame has as well are kept once", {
  d <- many_rows(60000)
  size <- function(fit) as.numeric(object.size(fit) / object.size(model.frame(fit)))
  saved <- function(x) length(serialize(x, NULL))
  fit <- fastlogit(y ~ x + z + o + w + f, data = d[c("y", "x", "z", "o", "w", "f")])
  expect_lt(size(fit), 1.2)
  expect_lt(saved(fit) / saved(model.frame(fit)), 1.2)
  own <- d
  own$id <- as.character(seq_len(nrow(d)))
  own$z <- -own$z
  class(own) <- c("own", "data.frame")
  attr(own, "note") <- "kept"
  row.names(own) <- paste0("r", seq_len(nrow(d)))
  fit <- fastlogit(y ~ x + log1p(-z) + o + w + f, data = own)
  expect_identical(fit$data, own)
  expect_identical(fit[["data"]], own)
  # A zero is not the other zero, and a change made later is not seen.
  x <- c(0, rnorm(29999))
  before <- data.frame(x = x, y = rep(0:1, 15000), u = rnorm(30000), v = rnorm(30000))
  after <- before
  fit <- fastlogit(y ~ x + u + v, data = after)
  after$x[] <- 7
  expect_identical(fit$data, before)
  expect_identical(is_same_vector(0, -0), FALSE)
  expect_null(without_shared(before["u"], data.frame(u = -before$u)))
})

test_that("methods of a fit whose rows are made on demand are glm()'s", {
  for (set in real_data()[c("airquality", "swiss")]) {
    arguments <- list(control = list(epsilon = 1e-14, maxit = 100), na.action = quote(na.exclude))
    if (set$name == "swiss") arguments$family <- "quasibinomial"
    fit <- function(fitter) {
      catch_glm_warnings(do.call(fit_data_set, c(list(set, fitter), arguments)))$value
    }
    expect_methods_equal(as_deferred(fit("fastlogit")), fit("glm"), 1e-6)
  }
})

test_that("a link by rows keeps what there is for each row", {
  n <- 60000
  days <- rep(1:3, n / 3)
  link <- structure(list(
    linkfun = function(mu) qlogis(mu^(1 / days)), linkinv = function(eta) plogis(eta)^days,
    mu.eta = function(eta) days * plogis(eta)^days * plogis(-eta),
    valideta = function(eta) TRUE, name = "exposure"
  ), class = "link-glm")
  set.seed(3)
  d <- data.frame(x = rnorm(n))
  d$y <- rbinom(n, 1, plogis(2 + d$x)^days)
  fit <- fastlogit(y ~ x, binomial(link), d)
  expect_false(is_deferred(fit))
  expect_length(unclass(fit)$residuals, n)
})

# The pass that gives each row's linear predictor is left out where no row can be beyond bounds.
test_that("the range of the means, and what is said of it, are those of all rows", {
  d <- many_rows()
  d$far <- replace(numeric(nrow(d)), 7, 1)
  for (scale in c(1, 40, 1e3)) {
    wide <- transform(d, x = x * scale)
    wide$y <- as.numeric(wide$y > 0)
    fit <- fastlogit(y ~ x + z + f + o + w, data = wide, start = NULL)
    fit <- suppressWarnings(fit)
    expect_null(.subset2(fit, "fitted.values"))
    mu <- fit$fitted.values
    expect_equal(range(fitted_means(fit)), range(mu), tolerance = 1e-12)
    bounds <- known_of_rows(fit)$bounds_of_means
    if (!is.null(bounds)) expect_true(bounds[1] <= min(mu) && max(mu) <= bounds[2])
    note <- extreme_means_note(fit)
    tiny <- 10 * .Machine$double.eps
    expect_identical(is.null(note), all(mu >= tiny & mu <= 1 - tiny))
  }
  for (scale in c(1, 500)) {
    set <- data.frame(x = c(-scale, sin(seq_len(60000)), scale))
    set$y <- as.numeric(cos(7 * seq_len(nrow(set))) < set$x / (abs(set$x) + 1))
    fit <- fastlogit(y ~ x, data = set)
    expect_equal(range(fitted_means(fit)), range(fit$fitted.values), tolerance = 1e-12)
    expect_identical(is.null(extreme_means_note(fit)), scale == 1)
  }
})

test_that("separation of many rows is seen without their linear predictors", {
  d <- many_rows()
  d$told <- as.numeric(d$y == 1 & seq_len(nrow(d)) %% 3 == 0)
  expect_warning(
    fit <- fastlogit(y ~ x + z + f + told + w, data = d), class = "fastlogit_separation"
  )
  expect_identical(unname(fit$separation[["told"]]), Inf)
  expect_length(fit$fitted.values, nrow(d))
})
