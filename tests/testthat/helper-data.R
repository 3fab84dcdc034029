# The data the tests share: data sets that ship with R, examples that are numerically hard, and
# generators.
#
# A data set is a list:
#   name, formula, data
#   arguments   further arguments of glm(), quoted, e.g. alist(weights = trials)
#   response    numeric, logical, factor, counts (two columns) or proportion (with weights)
#   condition   "well", "ill" or "extreme"; see required_digits()
#   links       the links for which the maximum likelihood estimate exists: not separated, and for
#               the log link not on the boundary of the parameter space
#   glm_links   those of `links` for which glm() converges from its own start to the estimate
#
# The numbers of hard_data() are literals, or sums and products of integers that doubles represent
# exactly: they have the same bits on every platform, and the fixtures hold for them.

all_links <- c("logit", "probit", "cloglog", "cauchit", "log")
links_but_log <- setdiff(all_links, "log")

data_set <- function(name, formula, data, arguments = list(), response = "numeric",
                     links = links_but_log, glm_links = links) {
  list(
    name = name, formula = formula, data = data, arguments = arguments, response = response,
    condition = "well", links = links, glm_links = glm_links
  )
}

with_condition <- function(condition, sets) {
  lapply(sets, utils::modifyList, val = list(condition = condition))
}

by_name <- function(sets) {
  stats::setNames(sets, vapply(sets, `[[`, "", "name"))
}

# Coefficients and standard errors that are right to 12 digits, or to 9 where the columns are nearly
# dependent (condition numbers of 1e3 to 1e6 once columns have the same length). At 1e8, "extreme",
# the rounding of the linear predictor to a double leaves about 8 digits to any method; QR and hence
# glm() has 7.6 to 8.6 of them.
required_digits <- function(set) {
  switch(set$condition, well = 12, ill = 9, extreme = 7)
}

# Fits `set` by the function that is called `fitter` ("glm" or "fastlogit"). The call finds the data
# as `d`, from the formula's environment, as a script would: add1(), update() and others evaluate it
# again.
fit_data_set <- function(set, fitter, link = "logit", family = "binomial", ...) {
  env <- new.env(parent = parent.frame())
  env$d <- set$data
  formula <- set$formula
  environment(formula) <- env
  family <- call(family, link = link)
  arguments <- utils::modifyList(as.list(set$arguments), list(...))
  if (fitter == "glm" && link == "log" && is.null(arguments$start)) {
    arguments$start <- log_link_start(formula, env$d)
  }
  call <- as.call(c(as.name(fitter), formula, family = family, data = quote(d), arguments))
  without_count_warning(eval(call, env))
}

# glm() has no valid start of its own for the log link: all probabilities equal, and small.
log_link_start <- function(formula, data) {
  columns <- ncol(stats::model.matrix(formula, stats::model.frame(formula, data)))
  c(-3, numeric(columns - 1))
}

# Proportions and weights need not make whole counts here; glm() says so each time, and so may we.
without_count_warning <- function(code) {
  withCallingHandlers(code, warning = function(condition) {
    if (grepl("non-integer", conditionMessage(condition))) invokeRestart("muffleWarning")
  })
}

# All data sets whose packages are installed.
real_data <- function() {
  sets <- real_data_datasets()
  if (requireNamespace("MASS", quietly = TRUE)) sets <- c(sets, real_data_mass())
  if (requireNamespace("boot", quietly = TRUE)) sets <- c(sets, real_data_boot())
  by_name(sets)
}

real_data_datasets <- function() {
  admissions <- as.data.frame(datasets::UCBAdmissions)
  titanic <- as.data.frame(datasets::Titanic)
  list(
    data_set("mtcars", am ~ wt, datasets::mtcars),
    data_set(
      "infert", case ~ age + parity + education + spontaneous + induced, datasets::infert
    ),
    data_set(
      "esoph", cbind(ncases, ncontrols) ~ agegp + tobgp + alcgp, datasets::esoph,
      response = "counts"
    ),
    data_set(
      "UCBAdmissions", Admit ~ Gender + Dept, admissions, alist(weights = Freq),
      response = "factor", links = all_links, glm_links = c("logit", "probit", "log")
    ),
    # 8 of the 32 cells are empty: rows of zero weight.
    data_set(
      "Titanic", Survived ~ Class + Sex + Age, titanic, alist(weights = Freq),
      response = "factor", glm_links = c("logit", "probit")
    ),
    data_set(
      "swiss", Examination / 100 ~ Education + Catholic + Infant.Mortality, datasets::swiss,
      alist(weights = rep(100, 47)), response = "proportion", links = all_links
    ),
    data_set(
      "airquality", Ozone > 60 ~ Wind + Solar.R, datasets::airquality, response = "logical"
    ),
    data_set(
      "HairEyeColor", Sex ~ Hair + Eye, as.data.frame(datasets::HairEyeColor),
      alist(weights = Freq), response = "factor", links = all_links,
      glm_links = setdiff(all_links, "cloglog")
    )
  )
}

real_data_mass <- function() {
  birthwt <- transform(MASS::birthwt, race = factor(race), kg = lwt * 0.4536)
  list(
    data_set("birthwt", low ~ age + lwt + race + smoke + ptl + ht + ui + ftv, birthwt),
    # A weight in pounds and again in kilograms: the second is aliased.
    data_set("birthwt_alias", low ~ age + lwt + kg + smoke, birthwt, links = all_links),
    data_set("Pima.tr", type ~ ., MASS::Pima.tr, response = "factor"),
    data_set(
      "menarche", cbind(Menarche, Total - Menarche) ~ Age, MASS::menarche, response = "counts"
    ),
    data_set(
      "bacteria", y ~ trt + week, MASS::bacteria, response = "factor", links = all_links
    ),
    # Weeks of exposure as an offset: with the cloglog link, a constant hazard.
    data_set(
      "snails", cbind(Deaths, 20 - Deaths) ~ Species + Rel.Hum + Temp + offset(log(Exposure)),
      MASS::snails, response = "counts", links = all_links
    ),
    data_set(
      "Melanoma", status == 1 ~ thickness + ulcer + sex + age, MASS::Melanoma,
      response = "logical", links = all_links
    ),
    # The cauchit likelihood has several maxima here.
    data_set(
      "VA", status ~ treat + age + Karn + cell + prior, MASS::VA,
      links = c("logit", "probit", "cloglog")
    ),
    data_set(
      "minn38", phs == "E" ~ hs + sex, MASS::minn38, alist(weights = f),
      response = "logical", links = all_links
    )
  )
}

real_data_boot <- function() {
  # The specific gravity varies by 0.007 around 1.018.
  urine <- data_set("urine", r ~ gravity + ph + osmo + cond + urea + calc, boot::urine)
  sets <- list(
    data_set("nodal", r ~ stage + xray + acid, boot::nodal, links = all_links),
    data_set(
      "downs.bc", r / m ~ age + I(age^2), boot::downs.bc, alist(weights = m),
      response = "proportion", links = all_links
    ),
    data_set(
      "channing", cens ~ sex + entry, boot::channing, alist(offset = log1p(time) / 4)
    )
  )
  c(sets, with_condition("ill", list(urine)))
}

# Examples that are hard for the arithmetic: columns nearly dependent, counts of 1e9, weights over
# 16 decades.
hard_data <- function() {
  by_name(c(ill_conditioned_data(), extreme_count_data(), extreme_weight_data()))
}

ill_conditioned_data <- function() {
  twins <- data.frame(i = 1:60)
  twins$x <- (twins$i * 37) %% 101 / 64
  twins$twin <- twins$x + ((twins$i * 17) %% 23 - 11) / 2^15
  twins$y <- as.numeric((twins$i * 29) %% 61 + twins$i %% 7 * 8 < 40 + 20 * twins$x)
  longley <- transform(
    datasets::longley,
    out_of_work = round(10 * Unemployed), at_work = round(1000 * Employed)
  )
  moderate <- list(
    data_set(
      "years_quadratic", cbind(s, f) ~ year + I(year^2), simulate_ill_conditioned(2),
      response = "counts"
    ),
    data_set(
      "longley",
      cbind(out_of_work, at_work) ~ GNP.deflator + GNP + Armed.Forces + Population + Year,
      longley, response = "counts"
    ),
    # Two predictors with a correlation of 1 - 1e-8.
    data_set("twins", y ~ x + twin, twins)
  )
  extreme <- list(
    data_set(
      "years_cubic", cbind(s, f) ~ year + I(year^2) + I(year^3), simulate_ill_conditioned(3),
      response = "counts"
    ),
    data_set(
      "years_sextic",
      cbind(s, f) ~ I(year - 1900) + I((year - 1900)^2) + I((year - 1900)^3) +
        I((year - 1900)^4) + I((year - 1900)^5) + I((year - 1900)^6),
      simulate_ill_conditioned(6), response = "counts"
    )
  )
  c(with_condition("ill", moderate), with_condition("extreme", extreme))
}

extreme_count_data <- function() {
  dose <- 0:5
  certain <- data.frame(dose, s = 1e9 - c(0, 3, 17, 2, 41, 5), f = c(3, 5, 40, 11, 100, 8))
  rare <- data.frame(dose, s = c(3, 5, 12, 30, 61, 133), f = 1e9 + 7 * dose)
  # Odds that double with each dose, but for a few counts: with the logit link, the deviance is
  # 1e-16 of the log-likelihood.
  even <- data.frame(
    dose, s = 1e8 * c(2, 3, 5, 6, 8, 8) + c(9, -4, 7, 2, -8, 3), f = 1e8 * c(8, 6, 5, 3, 2, 1)
  )
  formula <- cbind(s, f) ~ dose
  list(
    data_set("counts_certain", formula, certain, response = "counts"),
    data_set("counts_rare", formula, rare, response = "counts", links = all_links),
    data_set("counts_even", formula, even, response = "counts")
  )
}

extreme_weight_data <- function() {
  d <- data.frame(x = (1:40 * 13) %% 41 / 8, g = gl(2, 1, 40, labels = c("a", "b")))
  d$y <- as.numeric((1:40 * 7) %% 43 < 12 + 4 * d$x)
  d$w <- rep(c(1e-8, 1e-4, 1, 1e4, 1e8), 8)
  small <- transform(d, w = w * 2^-30)
  list(
    data_set("weights_wide", y ~ x + g, d, alist(weights = w), glm_links = character()),
    data_set("weights_small", y ~ x + g, small, alist(weights = w))
  )
}

# Yearly counts whose proportions rise, for raw powers of the year: a year is a large number that
# varies little.
simulate_ill_conditioned <- function(degree, years = 1990:2020) {
  i <- seq_along(years)
  bend <- i * (i - 16) * (i - 31)
  data.frame(
    year = as.numeric(years),
    s = 400 + 20 * i + (37 * i) %% 41 + (degree > 2) * (bend %/% 50),
    f = 1400 - 15 * i + (23 * i) %% 53
  )
}

# Evaluates `code` with a seed, and leaves the caller's random numbers as they were.
with_seed <- function(seed, code) {
  old <- get0(".Random.seed", globalenv(), inherits = FALSE)
  on.exit(if (is.null(old)) {
    rm(".Random.seed", envir = globalenv())
  } else {
    assign(".Random.seed", old, globalenv())
  })
  set.seed(seed, "Mersenne-Twister", "Inversion", "Rejection")
  code
}

# A data frame y, x1, ..., xp of n rows; the coefficients are its attribute "beta", the intercept
# first.
simulate_binary <- function(n, p, seed = 1, link = "logit") {
  with_seed(seed, {
    x <- matrix(stats::rnorm(n * p), n, p, dimnames = list(NULL, paste0("x", seq_len(p))))
    beta <- c(-0.25, stats::runif(p, -1, 1) / sqrt(p))
    eta <- drop(cbind(1, x) %*% beta)
    if (link == "log") eta <- -exp(-eta)
    d <- data.frame(y = stats::rbinom(n, 1, stats::binomial(link_of(link))$linkinv(eta)), x)
    structure(d, beta = beta)
  })
}

# Two-column counts of n groups of `size` trials each, up to 1e9: columns s, f, x.
simulate_counts <- function(n, size, seed = 1) {
  with_seed(seed, {
    x <- seq(-2, 2, length.out = n)
    s <- stats::rbinom(n, size, stats::plogis(0.5 * x))
    data.frame(s = as.numeric(s), f = as.numeric(size) - s, x)
  })
}
