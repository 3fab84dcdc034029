# Links of users', by their own functions.

link_data <- function(n = 300, seed = 1) {
  set.seed(seed)
  d <- data.frame(x = rnorm(n), z = rnorm(n), f = factor(sample(c("a", "b", "c"), n, TRUE)))
  d$days <- sample(1:6, n, TRUE)
  d$u <- runif(n)
  d
}

test_that("a copy of a stock link by its functions gives the stock's numbers", {
  d <- link_data()
  for (link in c("logit", "probit", "cloglog", "cauchit", "loglog")) {
    stock <- stats::binomial(link_of(link))
    d$y <- as.numeric(d$u < stock$linkinv(0.3 + 0.5 * d$x))
    own <- fastlogit(y ~ x + f, binomial(copied_link(link)), d, weights = days)
    known <- fastlogit(y ~ x + f, stock, d, weights = days)
    expect_equal(coef(own), coef(known), tolerance = 1e-8)
    expect_equal(vcov(own), vcov(known), tolerance = 1e-8)
    expect_equal(vcov(own, type = "observed"), vcov(known, type = "observed"), tolerance = 1e-7)
    expect_equal(own$null.deviance, known$null.deviance)
    expect_equal(confint(own), confint(known), tolerance = 1e-5)
    expect_equal(lr_test(own), lr_test(known), tolerance = 1e-6)
    expect_equal(
      vcov(own, type = "robust"), vcov(known, type = "robust"), tolerance = 1e-7
    )
    expect_equal(own$status, "converged")
  }
})

test_that("penalties adjust the score of a user's link as that of a stock link", {
  d <- link_data(60)
  for (link in c("logit", "probit", "cloglog", "cauchit")) {
    d$y <- as.numeric(d$u < stats::binomial(link)$linkinv(-0.3 + 0.5 * d$x))
    for (penalty in list("firth", "median", "jeffreys", penalty_ridge(0.5))) {
      own <- fastlogit(y ~ x + z, binomial(copied_link(link)), d, penalty = penalty)
      known <- fastlogit(y ~ x + z, binomial(link), d, penalty = penalty)
      expect_equal(coef(own), coef(known), tolerance = 1e-6)
      expect_equal(vcov(own), vcov(known), tolerance = 1e-6)
    }
  }
})

test_that("a link named like a stock link is fitted by its own functions", {
  d <- link_data()
  d$y <- as.numeric(d$u < pnorm(d$x))
  mine <- user_link_of(qnorm, pnorm, dnorm, "logit")
  fit <- fastlogit(y ~ x, binomial(mine), d)
  expect_equal(coef(fit), coef(fastlogit(y ~ x, binomial("probit"), d)), tolerance = 1e-8)
  expect_equal(unname(fitted(fit)), pnorm(unname(predict(fit))))
  # Of a canonical link the observed information is the expected one.
  expect_false(isTRUE(all.equal(vcov(fit), vcov(fit, type = "observed"), tolerance = 1e-6)))
})

test_that("means that are bounded by guessing are fitted as glm() fits them", {
  for (m in c(2, 4)) {
    link <- guessing_link(m)
    for (seed in 1:5) {
      d <- link_data(400, seed)
      d$y <- as.numeric(d$u < link$linkinv(0.8 + d$x))
      fit <- fastlogit(y ~ x + z, binomial(link), d)
      expect_identical(fit$status, "converged")
      expect_as_glm(fit, glm_from(fit, y ~ x + z, binomial(link), d))
      expect_gt(min(fitted(fit)), 1 / m)
    }
  }
})

test_that("the links of psyphy are fitted as glm() fits them", {
  skip_if_not_installed("psyphy")
  links <- list(
    psyphy::mafc.logit(2), psyphy::mafc.probit(3), psyphy::mafc.cloglog(4), psyphy::mafc.weib(2),
    psyphy::mafc.cauchit(2), psyphy::logit.2asym(0.1, 0.05), psyphy::probit.lambda(2, 0.03)
  )
  for (link in links) {
    d <- link_data(500)
    trials <- d$days
    d$s <- qbinom(d$u, trials, link$linkinv(0.8 + 1.2 * d$x))
    fit <- fastlogit(cbind(s, trials - s) ~ x, binomial(link), d)
    expect_as_glm(fit, glm_from(fit, cbind(s, trials - s) ~ x, binomial(link), d))
  }
})

test_that("rows may have links of their own: logistic exposure", {
  d <- link_data(400)
  d$y <- as.numeric(d$u < exposure_link(d$days)$linkinv(1.5 + 0.7 * d$x))
  family <- binomial(exposure_link(d$days))
  # Equal rows of different links are not pooled: there are few values of x.
  for (x in list(d$x, round(d$x))) {
    d$x <- x
    fit <- fastlogit(y ~ x + f, family, d)
    glm <- glm_from(fit, y ~ x + f, family, d)
    expect_as_glm(fit, glm)
    sparse <- fastlogit(y ~ x + f, family, d, sparse = TRUE)
    expect_equal(coef(sparse), coef(fit), tolerance = 1e-8)
    expect_equal(unname(predict(fit, d, type = "response")), unname(fitted(fit)))
    expect_equal(predict(fit, type = "response"), predict(glm, type = "response"), tolerance = 1e-7)
    expect_true(all(is.finite(confint(fit))))
    # The sandwiches of types HC0 and HC3, in which leverages are, too.
    scores <- residuals(glm, "working") * glm$weights * model.matrix(glm)
    bread <- vcov(glm)
    for (power in 0:1) {
      meat <- crossprod(scores / (1 - hatvalues(glm))^power)
      type <- c("HC0", "HC3")[power + 1]
      expect_equal(vcov(fit, type = type), bread %*% meat %*% bread, tolerance = 1e-6)
    }
    tests <- lapply(list(fit, glm), function(fit) drop1(fit, test = "LRT")[["LRT"]])
    expect_equal(tests[[1]], tests[[2]], tolerance = 1e-5)
  }
  # With an offset, the intercept alone has to be fitted.
  fit <- fastlogit(y ~ x + offset(z / 5), family, d)
  expect_as_glm(fit, glm_from(fit, y ~ x + offset(z / 5), family, d))
  # Where all exposures are the same, blocks cannot be told from rows by values.
  same <- fastlogit(y ~ x, binomial(exposure_link(rep(2, 400))), d)
  expect_equal(coef(same), coef(fastlogit(y ~ x, binomial(exposure_link(2)), d)), tolerance = 1e-8)
  expect_match(capture.output(print(fit)), "logexp\\(\\d\\), ... link", all = FALSE)
  expect_equal(unname(predict(fit, d[1:10, ])), unname(predict(fit)[1:10]))
  expect_refusal(quote(predict(fit, d[1:10, ], type = "response")))
  expect_refusal(quote(fastlogit(y ~ x, family, d, subset = days > 2)))
  expect_refusal(quote(fastlogit(y ~ x, family, source_function(chunks_of(d, 100)))))
  one <- local_psock(1)
  expect_refusal(quote(fastlogit(y ~ x, family, d, workers = one)))
})

test_that("domains of users' links are found, with maxima on their edges", {
  expect_identical(unname(domain_of(binomial(hazard_link()))), c(0, Inf))
  expect_identical(unname(domain_of(binomial(make.link("sqrt")))), c(0, 1))
  expect_identical(unname(domain_of(binomial(make.link("inverse")))), c(1, Inf))
  expect_identical(unname(domain_of(binomial(copied_link("identity")))), c(0, 1))
  expect_identical(unname(domain_of(binomial(guessing_link(2)))), c(-Inf, Inf))
  naive <- user_link_of(
    qlogis, function(eta) exp(eta) / (1 + exp(eta)), function(eta) exp(eta) / (1 + exp(eta))^2,
    "naive"
  )
  expect_identical(unname(domain_of(binomial(naive))), c(-Inf, Inf))
  d <- link_data(200)
  for (link in list(hazard_link(), make.link("sqrt"), copied_link("identity"))) {
    d$y <- as.numeric(d$u < 0.3 + 0.1 * d$x)
    fit <- suppressWarnings(fastlogit(y ~ x + z, binomial(link), d))
    expect_true(fit$status %in% c("converged", "boundary"))
    if (fit$status == "converged") {
      expect_as_glm(fit, glm_from(fit, y ~ x + z, binomial(link), d))
    }
  }
  # No success at low doses: the hazard there is zero.
  edge <- data.frame(dose = rep(0:2, each = 10), y = rep(c(0, 1, 0, 1, 0), c(10, 3, 7, 6, 4)))
  expect_warning(
    fit <- fastlogit(y ~ dose, binomial(hazard_link()), edge), class = "fastlogit_boundary"
  )
  expect_true(fit$boundary)
  expect_equal(unname(coef(fit)[1]), 0, tolerance = 1e-8)
  # The maximum of 10 b + ... with the intercept at zero.
  loglik <- function(b) 3 * log(1 - exp(-b)) - 7 * b + 6 * log(1 - exp(-2 * b)) - 8 * b
  best <- optimize(loglik, c(0.01, 5), maximum = TRUE, tol = 1e-10)
  expect_equal(unname(coef(fit)[2]), best$maximum, tolerance = 1e-6)
  expect_equal(fit$deviance, -2 * best$objective, tolerance = 1e-8)
})

test_that("a link whose means fall is fitted, and its intervals are in order", {
  falling <- user_link_of(
    function(mu) -qlogis(mu), function(eta) plogis(-eta), function(eta) -dlogis(eta), "falling"
  )
  d <- link_data()
  d$y <- as.numeric(d$u < plogis(d$x))
  fit <- fastlogit(y ~ x, binomial(falling), d)
  logit <- fastlogit(y ~ x, data = d)
  expect_equal(coef(fit), -coef(logit), tolerance = 1e-8)
  limits <- lapply(list(fit, logit), predict, d[1:5, ], interval = "confidence")
  expect_equal(limits[[1]], limits[[2]], tolerance = 1e-6)
})

test_that("functions that are no link are named errors", {
  d <- link_data()
  d$y <- as.numeric(d$u < 0.5)
  good <- guessing_link(2)
  refuse <- function(link, words) {
    message <- expect_refusal(quote(fastlogit(y ~ x, binomial(link), d)), env = environment())
    expect_match(message, words)
  }
  with_other <- function(name, f) replace(good, name, list(f))
  refuse(with_other("mu.eta", function(eta) dlogis(eta)), "`mu.eta` of the mafc.logit\\(2\\) link")
  refuse(with_other("mu.eta", function(eta) 0.1), "1 value for 300 rows")
  refuse(with_other("mu.eta", NULL), "no function `mu.eta`")
  refuse(with_other("linkinv", function(eta) 2 + plogis(eta)), "none of the linear predictors")
  refuse(exposure_link(1:7), "7 values for 300 rows")
})

test_that("nothing is claimed of separation under a link of which that is not known", {
  d <- data.frame(x = c(1, 1, 2, 2, 3, 3, 4, 4), y = c(0, 0, 0, 0, 1, 1, 1, 1))
  # Means from 0 to 1: separation is what it is for the logit.
  copied <- suppressWarnings(fastlogit(y ~ x, binomial(copied_link("logit")), d))
  expect_identical(copied$separation, suppressWarnings(fastlogit(y ~ x, data = d))$separation)
  # Guessing: the maximum at infinity is no separation that leaves rows out.
  guessing <- guessing_link(2)
  expect_warning(
    fit <- fastlogit(y ~ x, binomial(guessing), d), class = "fastlogit_not_converged"
  )
  expect_false(fit$converged)
  expect_null(fit$separation_details)
  expect_refusal(quote(separation(fit)), "fastlogit_not_decided")
  expect_refusal(quote(detect_separation(y ~ x, binomial(guessing), d)), "fastlogit_not_decided")
  # An identity link is finite in any direction.
  expect_identical(detect_separation(y ~ x, binomial(make.link("identity")), d)$kind, "none")
})

test_that("users' links are fitted to sparse rows, sources and with workers", {
  d <- link_data(3000)
  gamma <- 0.25
  guessing <- user_link_of(
    function(mu) qlogis(pmax((mu - gamma) / (1 - gamma), 1e-12)),
    function(eta) gamma + (1 - gamma) * plogis(eta), function(eta) (1 - gamma) * dlogis(eta),
    "guess"
  )
  d$y <- as.numeric(d$u < guessing$linkinv(0.5 + d$x))
  here <- fastlogit(y ~ x + f, binomial(guessing), d)
  sparse <- fastlogit(y ~ x + f, binomial(guessing), d, sparse = TRUE)
  expect_equal(coef(sparse), coef(here), tolerance = 1e-9)
  expect_same_fit(list(
    there = fastlogit(y ~ x + f, binomial(guessing), source_function(chunks_of(d, 700))),
    here = here
  ))
  two <- local_psock(2)
  expect_equal(coef(fastlogit(y ~ x + f, binomial(guessing), d, workers = two)), coef(here))
})

# What a function refers to in the workspace is not there in another process.
test_that("what a link refers to travels with it", {
  withr::defer(rm(list = c("guess_rate", "guess_of"), envir = globalenv()))
  assign("guess_rate", 0.25, globalenv())
  guess <- function(p) guess_rate + (1 - guess_rate) * p
  environment(guess) <- globalenv()
  assign("guess_of", guess, globalenv())
  link <- user_link_of(
    function(mu) qlogis(pmax((mu - 0.25) / 0.75, 1e-12)), function(eta) guess_of(plogis(eta)),
    function(eta) (1 - guess_rate) * dlogis(eta), "guess"
  )
  for (name in c("linkinv", "mu.eta")) environment(link[[name]]) <- globalenv()
  d <- link_data(3000)
  d$y <- as.numeric(d$u < link$linkinv(0.5 + d$x))
  here <- fastlogit(y ~ x, binomial(link), d)
  two <- local_psock(2)
  there <- fastlogit(y ~ x, binomial(link), d, workers = two)
  expect_equal(coef(there), coef(here))
  source <- source_function(chunks_of(d, 1000))
  expect_equal(coef(fastlogit(y ~ x, binomial(link), source)), coef(here))
})
