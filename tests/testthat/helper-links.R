# Links of users'.

user_link_of <- function(linkfun, linkinv, mu.eta, name, valideta = function(eta) TRUE) {
  structure(
    list(linkfun = linkfun, linkinv = linkinv, mu.eta = mu.eta, valideta = valideta, name = name),
    class = "link-glm"
  )
}

# The functions of one of R's own links by another text.
copied_link <- function(link) {
  stock <- stats::binomial(link_of(link))
  user_link_of(
    function(mu) (stock$linkfun)(mu), function(eta) (stock$linkinv)(eta),
    function(eta) (stock$mu.eta)(eta), link, function(eta) (stock$valideta)(eta)
  )
}

# As psyphy's mafc.logit(): of m alternatives one is guessed.
guessing_link <- function(m) {
  user_link_of(
    function(mu) qlogis((m * pmax(mu, 1 / m + 1e-12) - 1) / (m - 1)),
    function(eta) 1 / m + (1 - 1 / m) * plogis(eta), function(eta) (1 - 1 / m) * dlogis(eta),
    paste0("mafc.logit(", m, ")")
  )
}

# Survival of a nest over so many days (Shaffer 2004).
exposure_link <- function(days) {
  user_link_of(
    function(mu) qlogis(mu^(1 / days)), function(eta) plogis(eta)^days,
    function(eta) days * plogis(eta)^(days - 1) * dlogis(eta), paste0("logexp(", days, ")")
  )
}

# Additive hazards: of domain eta > 0.
hazard_link <- function(days = 1) {
  user_link_of(
    function(mu) -log1p(-mu) / days, function(eta) -expm1(-days * eta),
    function(eta) days * exp(-days * eta), "hazard", function(eta) all(eta > 0)
  )
}

# glm() from our estimate, to its last digit.
glm_from <- function(fit, ...) {
  call <- match.call()
  call[[1L]] <- quote(stats::glm)
  call$fit <- NULL
  call$start <- ifelse(is.na(coef(fit)), 0, coef(fit))
  call$control <- stats::glm.control(epsilon = 1e-14, maxit = 200)
  suppressWarnings(eval(call, parent.frame()))
}

expect_as_glm <- function(fit, glm, tolerance = 1e-7) {
  expect_equal(coef(fit), coef(glm), tolerance = tolerance)
  expect_equal(vcov(fit), vcov(glm), tolerance = tolerance)
  for (part in c("deviance", "null.deviance", "aic")) expect_equal(fit[[part]], glm[[part]])
  expect_equal(fitted(fit), fitted(glm), tolerance = tolerance)
  expect_equal(residuals(fit), residuals(glm), tolerance = 1e-5)
}

# Deaths of women with breast cancer by stage and receptor level.
breast_cancer <- function() {
  d <- data.frame(
    stage = factor(rep(c("I", "II", "III"), each = 2)), low = rep(1:0, 3),
    dead = c(2, 5, 9, 17, 12, 9), total = c(12, 55, 22, 74, 14, 15)
  )
  rows <- d[rep(1:6, d$total), c("stage", "low")]
  rows$dead <- unlist(Map(function(dead, total) rep(1:0, c(dead, total - dead)), d$dead, d$total))
  rows
}
