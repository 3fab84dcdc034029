test_that("what needs no rows is that of the data frame's fit", {
  d <- na.omit(source_data())
  fits <- fit_twice(quote(fastlogit(y ~ x + z + g + offset(o))), d)
  there <- fits$there
  here <- fits$here
  expect_same_fit(fits)
  expect_s3_class(there, c("fastlogit_stored", "fastlogit", "glm", "lm"), exact = TRUE)
  expect_equal(summary(there)$coefficients, summary(here)$coefficients, tolerance = 1e-10)
  expect_equal(confint(there), confint(here), tolerance = 1e-8)
  expect_equal(vcov(there, type = "observed"), vcov(here), tolerance = 1e-10)
  expect_equal(anova(there, test = "Chisq"), anova(here, test = "Chisq"), tolerance = 1e-8)
  expect_equal(lr_test(there), lr_test(here), tolerance = 1e-8)
  expect_equal(hauck_donner(there), hauck_donner(here), tolerance = 1e-6)
  expect_equal(nobs(there), nobs(here))
  expect_equal(logLik(there), logLik(here), tolerance = 1e-12)
  expect_equal(extractAIC(there), extractAIC(here), tolerance = 1e-12)
  few <- d[1:20, ]
  for (type in c("link", "response", "terms")) {
    expect_equal(predict(there, few, type), predict(here, few, type), tolerance = 1e-10)
  }
  expect_equal(
    predict(there, few, interval = "confidence"), predict(here, few, interval = "confidence"),
    tolerance = 1e-10
  )
  expect_equal(
    anova(there, fit_twice(quote(fastlogit(y ~ x + offset(o))), d)$there, test = "Chisq")$Deviance,
    anova(here, fastlogit(y ~ x + offset(o), data = d))$Deviance, tolerance = 1e-8
  )
  expect_null(there$model)
  components <- vapply(unclass(there), function(part) length(part) >= nrow(d), NA)
  expect_false(any(components))
  expect_output(print(summary(there)), "Residual deviance")
  expect_output(print(there), paste(nrow(d), "rows"))
})

test_that("what needs rows makes a pass", {
  d <- source_data()
  fits <- fit_twice(quote(fastlogit(cbind(s, m - s) ~ x + g, weights = w)), d)
  plain <- function(x) unname(x)
  for (type in c("deviance", "pearson", "working", "response")) {
    expect_equal(
      plain(residuals(fits$there, type)), plain(residuals(fits$here, type)), tolerance = 1e-8
    )
  }
  for (name in c("fitted.values", "linear.predictors", "weights", "prior.weights", "y")) {
    expect_equal(plain(fits$there[[name]]), plain(fits$here[[name]]), tolerance = 1e-10)
  }
  expect_equal(plain(hatvalues(fits$there)), plain(hatvalues(fits$here)), tolerance = 1e-8)
  expect_equal(plain(predict(fits$there)), plain(predict(fits$here)), tolerance = 1e-10)
  frame <- model.frame(fits$there)
  expect_equal(frame$g, factor(model.frame(fits$here)$g))
  expect_equal(unname(frame[[1]]), unname(model.frame(fits$here)[[1]]))
  expect_equal(
    unname(model.matrix(fits$there)), unname(model.matrix(fits$here)), ignore_attr = TRUE
  )
  skip_if_not_installed("broom")
  expect_equal(broom::tidy(fits$there), broom::tidy(fits$here), tolerance = 1e-10)
  fits <- fit_twice(quote(fastlogit(y ~ x + g)), d)
  there <- broom::augment(fits$there)
  here <- broom::augment(fits$here)
  expect_equal(broom::glance(fits$there), broom::glance(fits$here), tolerance = 1e-10)
  same <- c(".fitted", ".resid", ".hat", ".cooksd")
  expect_equal(
    unname(as.list(there[same])), unname(as.list(here[same])), tolerance = 1e-8, ignore_attr = TRUE
  )
})

test_that("penalties, links and other dispersions do not care where rows are", {
  d <- source_data()
  for (call in expression(
    fastlogit(f == "yes" ~ x + g, penalty = "firth"),
    fastlogit(y ~ x + g, penalty = "median", weights = w),
    fastlogit(y ~ x + g, penalty = penalty_jeffreys(0.2)),
    fastlogit(y ~ x * g, penalty = penalty_ridge(3)),
    fastlogit(y ~ x + g, binomial("cauchit"), start = c(0, 0.1, 0, 0, 0, 0)),
    fastlogit(s / m ~ x, quasibinomial("probit"), weights = m, method = "fisher")
  )) {
    fits <- fit_twice(call, d)
    expect_same_fit(fits)
    expect_equal(fits$there$penalised_loglik, fits$here$penalised_loglik, tolerance = 1e-10)
  }
})

test_that("any number of threads gives the same bits, and a sample as start the same digits", {
  n <- 3e5
  set.seed(5)
  d <- data.frame(x = rnorm(n), z = runif(n), g = sample(letters[1:3], n, TRUE))
  d$y <- rbinom(n, 1, plogis(0.3 - 0.7 * d$x + d$z))
  s <- source_function(chunks_of(d, 1e5))
  one <- fastlogit(y ~ x + z + g, data = s, threads = 1)
  three <- fastlogit(y ~ x + z + g, data = s, threads = 3)
  expect_identical(coef(one), coef(three))
  expect_identical(vcov(one), vcov(three))
  expect_equal(coef(one), coef(fastlogit(y ~ x + z + g, data = d)), tolerance = 1e-10)
})

test_that("nearly dependent columns are put straight elsewhere, too", {
  d <- na.omit(source_data())
  d$near <- d$x + 1e-7 * d$z
  fits <- fit_twice(quote(fastlogit(y ~ x + near)), d)
  expect_true(fits$there$orthogonalised)
  expect_equal(coef(fits$there), coef(fits$here), tolerance = 1e-7)
  d$same <- 2 * d$x
  expect_error(
    fit_twice(quote(fastlogit(y ~ x + same, singular.ok = FALSE)), d), class = "fastlogit_singular"
  )
})

test_that("memory does not grow with the rows", {
  skip_on_cran()
  skip_if_not(file.exists("/proc/self/status"))
  skip_if_not_installed("processx")
  peak <- function(chunks) {
    script <- bquote({
      .libPaths(.(.libPaths()))
      library(fastlogit)
      at <- 0
      make <- function(i) {
        set.seed(i)
        d <- as.data.frame(matrix(rnorm(2e5), 2e4))
        d$y <- rbinom(2e4, 1, 0.4)
        d
      }
      s <- source_function(function(reset) {
        if (reset) {
          at <<- 0
          NULL
        } else if (at < .(chunks)) {
          make(at <<- at + 1)
        }
      })
      fit <- fastlogit(y ~ ., data = s, threads = 2)
      gc()
      line <- grep("VmHWM", readLines("/proc/self/status"), value = TRUE)
      cat(gsub("[^0-9]", "", line))
    })
    file <- tempfile(fileext = ".R")
    writeLines(deparse(script), file)
    as.numeric(processx::run(file.path(R.home("bin"), "Rscript"), file)$stdout) / 1024
  }
  # From some 20 chunks on R collects its garbage.
  few <- peak(25)
  many <- peak(70)
  # 45 more chunks are 72 MB as doubles
  expect_lt(many - few, 30)
})
