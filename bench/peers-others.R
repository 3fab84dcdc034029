# More entries of the registry in peers.R: other models, individuals with an intercept each, and many
# fits of one design.

# --- ordered classes: coefficients are c(beta, cuts), see score_of_ordered() -----------------------

# The logit of P(y >= j) is intercept[j] + x'beta.
turned <- function(fit) {
  found <- stats::coef(fit)
  cuts <- grepl("^y>=", names(found))
  c(found[!cuts], -found[cuts])
}

ordered_peers <- c(
  ours("fastordinal", function(data, threads) {
    fastlogit::fastordinal(y ~ ., data = data, threads = threads)
  }, takes = "ordered", coefficients = function(fit) c(fit$coefficients, fit$zeta)),
  list(
    peer("polr", function(data, tolerance) {
      MASS::polr(y ~ ., data = data, Hess = TRUE, control = list(reltol = tolerance))
    },
    package = "MASS", takes = "ordered", tolerances = c(1e-8, 1e-15), note = "BFGS",
    coefficients = function(fit) c(fit$coefficients, fit$zeta)
    ),
    peer("lrm", function(data, tolerance) {
      rms::lrm(spelt_out(data), data = data, eps = tolerance, maxit = 50)
    },
    package = "rms", takes = "ordered", tolerances = c(0.025, 1e-10), coefficients = turned
    ),
    peer("orm", function(data, tolerance) {
      rms::orm(spelt_out(data), data = data, eps = tolerance, maxit = 50)
    },
    package = "rms", takes = "ordered", tolerances = c(0.005, 1e-10), coefficients = turned
    ),
    peer("clm", function(data, tolerance) {
      ordinal::clm(y ~ ., data = data, control = list(gradTol = tolerance))
    },
    package = "ordinal", takes = "ordered", tolerances = c(1e-6, 1e-10),
    coefficients = function(fit) c(fit$beta, fit$alpha)
    )
  )
)

# --- matched sets -----------------------------------------------------------------------------------

set_formula <- function(data) {
  stats::reformulate(c(setdiff(names(data), c("y", "set")), "strata(set)"), "y")
}

set_peers <- c(
  ours("fastclogit", function(data, threads) {
    fastlogit::fastclogit(set_formula(data), data = data, threads = threads)
  }, takes = "sets"),
  list(
    peer("clogit", function(data, tolerance) {
      survival::clogit(set_formula(data),
        data = data, method = "exact", control = survival::coxph.control(eps = tolerance)
      )
    },
    package = "survival", takes = "sets", tolerances = c(1e-9, 1e-14),
    # It calls coxph() from where it is called.
    prepare = function(data) {
      suppressPackageStartupMessages(library(survival))
      data
    }
    )
  )
)

# --- individuals ------------------------------------------------------------------------------------

numbers_of <- function(data) setdiff(names(data), c("y", "id"))

effects_formula <- function(data) {
  stats::as.formula(paste("y ~", paste(numbers_of(data), collapse = " + "), "| id"))
}

# Individuals whose response does not vary have no intercept there. Peers make the data a data.table.
eta_of <- function(data, slopes, intercepts) {
  data <- as.data.frame(data)
  of_row <- match(as.character(data$id), names(intercepts))
  list(eta = drop(as.matrix(data[numbers_of(data)]) %*% slopes) + unname(intercepts)[of_row])
}

# What the coefficients are made of has to come with the fit.
with_data <- function(fit, data) list(fit = fit, data = data)

individual_peers <- c(
  ours("fastlogit", function(data, threads) {
    fastlogit::fastlogit(y ~ ., data = data, threads = threads)
  }, takes = "individuals", coefficients = function(fit) list(eta = fit$linear.predictors)),
  list(
    peer("bife", function(data, tolerance) {
      control <- list(dev_tol = tolerance, rho_tol = tolerance)
      with_data(bife::bife(effects_formula(data), data, control = control), data)
    },
    package = "bife", takes = "individuals", tolerances = c(1e-8, 1e-14),
    coefficients = function(found) eta_of(found$data, found$fit$coefficients, found$fit$alpha)
    ),
    peer("alpaca", function(data, tolerance) {
      control <- list(dev.tol = tolerance, center.tol = min(1e-8, tolerance))
      found <- alpaca::feglm(effects_formula(data), data, stats::binomial(), control = control)
      with_data(found, data)
    },
    package = "alpaca", takes = "individuals", tolerances = c(1e-8, 1e-14),
    note = "the levels' coefficients take getFEs(), which is not timed",
    coefficients = function(found) {
      eta_of(found$data, stats::coef(found$fit), alpaca::getFEs(found$fit)$id)
    }
    ),
    peer("feglm, absorbed", function(data, tolerance) {
      fixest::feglm(effects_formula(data),
        data = data, family = logit(), glm.tol = tolerance, fixef.tol = max(tolerance, 1e-11),
        nthreads = cores(), notes = FALSE
      )
    },
    package = "fixest", takes = "individuals", tolerances = c(1e-8, 1e-12),
    note = "all cores; neither estimates nor standard errors for the levels",
    coefficients = function(fit) {
      eta <- rep(NA_real_, fit$nobs_origin)
      eta[fixest::obs(fit)] <- fit$linear.predictors
      list(eta = eta)
    }
    )
  )
)

# --- bootstrap samples ------------------------------------------------------------------------------

# The first sample of a seed, as both draw it: how often each row comes.
drawn_first <- function(n, seed) {
  set.seed(seed)
  tabulate(sample.int(n, n, TRUE), n)
}

sample_peers <- c(
  ours("bootstrap", function(data, threads) {
    fit <- fastlogit::fastlogit(y ~ ., data = data, threads = threads)
    fastlogit::bootstrap(fit, R = 1000, seed = 1, threads = threads)
  }, takes = "samples", coefficients = function(found) {
    list(beta = found$replicates[1, ], times = drawn_first(stats::nobs(found$fit), 1))
  }),
  list(
    peer("boot with glm", function(data, tolerance) {
      set.seed(1)
      boot::boot(data, function(data, rows) {
        stats::coef(stats::glm(y ~ ., logit(), data[rows, ], control = list(epsilon = tolerance)))
      }, 1000)
    },
    package = "boot", takes = "samples", tolerances = c(1e-8, 1e-14),
    coefficients = function(found) list(beta = found$t[1, ], times = boot::boot.array(found)[1, ])
    )
  )
)

# --- candidates -------------------------------------------------------------------------------------

# What is added to the model, one column at a time, with its estimate and its error.
glm_by_candidate <- function(data, tolerance) {
  x <- stats::model.matrix(y ~ ., data$data)
  p <- ncol(x) + 1
  found <- vapply(seq_len(ncol(data$candidates)), function(j) {
    fit <- stats::glm.fit(cbind(x, data$candidates[, j]), data$y,
      family = logit(), control = list(epsilon = tolerance)
    )
    c(fit$coefficients[[p]], sqrt(chol2inv(fit$qr$qr)[p, p]))
  }, numeric(2))
  found[1, ]
}

fast_by_candidate <- function(data, tolerance) {
  x <- stats::model.matrix(y ~ ., data$data)
  vapply(seq_len(ncol(data$candidates)), function(j) {
    found <- fastLogisticRegressionWrap::fast_logistic_regression(
      cbind(x, data$candidates[, j]), data$y, do_inference_on_var = "all"
    )
    found$coefficients[[ncol(x) + 1]]
  }, 0)
}

# Its time is that of its process, which reads its files.
plink_peer <- function(takes, how) {
  peer("plink2", function(data, tolerance) fit_by_plink(data, how, threads = cores()),
    program = "plink2", takes = takes, coefficients = estimates_of_plink, interface = "files",
    prepare = function(data) write_for_plink(data$y, data$data[-1], data$candidates),
    note = "all cores; single precision, six digits"
  )
}

candidate_peers <- c(
  ours("screen", function(data, threads) {
    fit <- fastlogit::fastlogit(y ~ ., data = data$data, threads = threads)
    fastlogit::screen(fit, data$candidates, test = "wald", threads = threads)
  }, takes = "candidates", coefficients = function(found) found$estimate),
  list(
    plink_peer("candidates", "no-firth"),
    peer("glm.fit in a loop", glm_by_candidate,
      takes = "candidates", tolerances = c(1e-8, 1e-14), coefficients = identity
    ),
    peer("fast_logistic_regression", fast_by_candidate,
      package = "fastLogisticRegressionWrap", takes = "candidates", coefficients = identity,
      note = "in a loop"
    )
  )
)

# --- candidates by Firth's method -------------------------------------------------------------------

logistf_by_candidate <- function(data, tolerance) {
  control <- logistf::logistf.control(
    maxit = 100, lconv = tolerance, gconv = tolerance, xconv = tolerance
  )
  vapply(seq_len(ncol(data$candidates)), function(j) {
    of <- cbind(data$data, candidate = data$candidates[, j])
    fit <- logistf::logistf(y ~ ., of, pl = FALSE, control = control)
    fit$coefficients[["candidate"]]
  }, 0)
}

fastglm_by_candidate <- function(data, tolerance) {
  x <- stats::model.matrix(y ~ ., data$data)
  vapply(seq_len(ncol(data$candidates)), function(j) {
    fit <- fastglm::fastglm(cbind(x, data$candidates[, j]), data$y,
      family = logit(), method = 2, tol = tolerance, firth = TRUE
    )
    fit$coefficients[[ncol(x) + 1]]
  }, 0)
}

firth_peers <- c(
  ours("screen", function(data, threads) {
    fit <- fastlogit::fastlogit(y ~ ., data = data$data, threads = threads)
    fastlogit::screen(
      fit, data$candidates,
      test = "wald", penalty = "firth", threads = threads
    )
  }, takes = "firth", coefficients = function(found) found$estimate),
  list(
    plink_peer("firth", "firth"),
    peer("fastglm in a loop", fastglm_by_candidate,
      package = "fastglm", takes = "firth", tolerances = c(1e-8, 1e-14), coefficients = identity,
      note = "Cholesky"
    ),
    peer("logistf in a loop", logistf_by_candidate,
      package = "logistf", takes = "firth", tolerances = c(1e-5, 1e-10), coefficients = identity
    )
  )
)

other_peers <- c(ordered_peers, set_peers, individual_peers, sample_peers, candidate_peers, firth_peers)
