# The registry of those who are measured: one entry a peer, found by its name.
#
#   package       what must be installed, NULL for base R; python: its name in peers.py instead;
#                 program: the command that is called
#   takes         the kinds of workload that it can fit (see workloads.R); `only`: some of them
#   fit           (data, tolerance) -> the fitted object; this is what is timed
#   coefficients  of the fitted object: p values, a p x (K - 1) matrix, or list(eta)
#   tolerances    its own stopping rule: the default, and what it takes to reach the maximum where
#                 that falls short of it; one value where the default does so everywhere
#   prepare       what is done to the data beforehand, untimed
#   interface     "formula" (data frame in), "matrix" (model.matrix() is timed with it), "sparse"
#                 (a dgCMatrix in), "arrays" (a finished design in, not timed) or "files" (likewise)
#   inference     does it give standard errors?
#   note          what a reader of the table should know

peer <- function(name, fit = NULL, package = NULL, python = NULL, takes = "two classes",
                 coefficients = stats::coef, tolerances = 1e-8, interface = "formula",
                 inference = TRUE, prepare = identity, only = names(workloads), note = "",
                 program = NULL) {
  list(
    name = name, fit = fit, package = package, python = python, takes = takes,
    coefficients = coefficients, tolerances = tolerances, interface = interface,
    inference = inference, prepare = prepare, only = only, note = note,
    program = program
  )
}

logit <- function() stats::binomial()

# y ~ . for those who do not know the dot.
spelt_out <- function(data) stats::formula(stats::terms(y ~ ., data = data))

factor_workloads <- function() names(Filter(function(workload) workload$factors, workloads))

# --- fastlogit: each entry with all cores and with one --------------------------------------------

ours <- function(name, fit, takes, ..., note = "") {
  entry <- function(suffix, threads) {
    peer(paste0(name, suffix), function(data, tolerance) fit(data, threads),
      package = "fastlogit", takes = takes, note = c(if (threads == 1) "1 thread", note), ...
    )
  }
  list(entry("", cores()), entry(", 1 thread", 1))
}

own_entries <- c(
  ours("fastlogit", function(data, threads) {
    fastlogit::fastlogit(y ~ ., data = data, threads = threads)
  }, takes = "two classes"),
  # Standard errors are made when they are read.
  ours("fastlogit_fit", function(data, threads) {
    fit <- fastlogit::fastlogit_fit(
      x = data$x, y = data$y, family = logit(), control = list(threads = threads)
    )
    stopifnot(fit$std.errors > 0)
    fit
  }, takes = "sparse", interface = "sparse", note = "with all standard errors"),
  ours("fastmultinom", function(data, threads) {
    fastlogit::fastmultinom(y ~ ., data = data, threads = threads)
  }, takes = "classes", coefficients = function(fit) t(stats::coef(fit)))
)

# --- two classes, from a formula ------------------------------------------------------------------

formula_peers <- list(
  peer("glm", function(data, tolerance) {
    stats::glm(y ~ ., family = logit(), data = data, control = list(epsilon = tolerance))
  }, tolerances = c(1e-8, 1e-14)),
  peer("glm2", function(data, tolerance) {
    glm2::glm2(y ~ ., family = logit(), data = data, control = list(epsilon = tolerance))
  }, package = "glm2", tolerances = c(1e-8, 1e-14)),
  peer("speedglm", function(data, tolerance) {
    speedglm::speedglm(y ~ ., data = data, family = logit(), set.default = list(acc = tolerance))
  }, package = "speedglm", tolerances = c(1e-8, 1e-14)),
  peer("parglm", function(data, tolerance) {
    parglm::parglm(y ~ .,
      family = logit(), data = data,
      control = parglm::parglm.control(epsilon = tolerance, nthreads = cores())
    )
  }, package = "parglm", tolerances = c(1e-8, 1e-14), note = "all cores"),
  peer("feglm", function(data, tolerance) {
    fixest::feglm(spelt_out(data),
      data = data, family = logit(), glm.tol = tolerance, nthreads = cores(), notes = FALSE
    )
  }, package = "fixest", tolerances = c(1e-8, 1e-14), note = "all cores"),
  peer("feglm, absorbed", function(data, tolerance) {
    numeric <- setdiff(names(data)[!vapply(data, is.factor, NA)], "y")
    effects <- paste(names(data)[vapply(data, is.factor, NA)], collapse = " + ")
    left <- paste("y ~", paste(c("1", numeric), collapse = " + "))
    fixest::feglm(stats::as.formula(paste(left, "|", effects)),
      data = data, family = logit(), glm.tol = tolerance, fixef.tol = max(tolerance, 1e-11),
      nthreads = cores(), notes = FALSE
    )
  },
  package = "fixest", tolerances = c(1e-8, 1e-12), only = "factors",
  coefficients = function(fit) list(eta = as.numeric(fit$linear.predictors)),
  note = "all cores; neither estimates nor standard errors for the levels"
  ),
  peer("bigglm", function(data, tolerance) {
    biglm::bigglm(spelt_out(data),
      data = data, family = logit(), tolerance = tolerance, maxit = 50
    )
  }, package = "biglm", tolerances = c(1e-7, 1e-12), note = "in chunks of 5000 rows"),
  peer("glm4, sparse", function(data, tolerance) {
    MatrixModels::glm4(y ~ .,
      family = logit(), data = data, sparse = TRUE,
      control = list(TOL = tolerance, finalUpdate = TRUE)
    )
  },
  package = "MatrixModels", tolerances = c(1e-4, 1e-10), only = factor_workloads(),
  coefficients = function(fit) fit@pred@coef
  )
)

# --- two classes, from a matrix -------------------------------------------------------------------

matrix_peers <- list(
  peer("fastglm", function(data, tolerance) {
    fastglm::fastglm(design_of(data), data$y, family = logit(), method = 2, tol = tolerance)
  }, package = "fastglm", interface = "matrix", tolerances = c(1e-8, 1e-14), note = "Cholesky"),
  peer("fastLR", function(data, tolerance) {
    RcppNumerical::fastLR(design_of(data), data$y,
      eps_f = tolerance, eps_g = 1e3 * tolerance, maxit = 2000
    )
  },
  package = "RcppNumerical", interface = "matrix", inference = FALSE,
  tolerances = 1e-16, note = "L-BFGS, eps_f = 1e-16"
  ),
  peer("glmnet, lambda = 0", function(data, tolerance) {
    glmnet::glmnet(design_of(data)[, -1], data$y,
      family = "binomial", lambda = 0, standardize = FALSE, thresh = tolerance, maxit = 1e5
    )
  },
  package = "glmnet", interface = "matrix", inference = FALSE, tolerances = 1e-18,
  coefficients = function(fit) as.vector(stats::coef(fit)),
  note = "coordinate descent, thresh = 1e-18"
  ),
  peer("crossprod(X)", function(x, tolerance) crossprod(x),
    interface = "arrays", inference = FALSE, coefficients = function(found) NULL,
    prepare = design_of, only = c("rows", "middle", "columns"), note = "a yardstick: X'X once"
  )
)

# --- two classes, sparse --------------------------------------------------------------------------

sparse_peers <- list(
  peer("glm4, from its parts", function(data, tolerance) {
    x <- methods::new(methods::getClass("dsparseModelMatrix", where = asNamespace("MatrixModels")),
      data$x,
      assign = seq_len(ncol(data$x)), contrasts = list()
    )
    frame <- stats::model.frame(y ~ 1, data["y"])
    model <- methods::new(methods::getClass("glpModel", where = asNamespace("MatrixModels")),
      call = quote(glm4()), resp = MatrixModels::mkRespMod(frame, logit()),
      pred = methods::as(x, "predModule")
    )
    MatrixModels:::fitGlm4(model, control = list(TOL = tolerance))
  },
  package = "MatrixModels", takes = "sparse", interface = "sparse", tolerances = c(1e-4, 1e-10),
  coefficients = function(fit) fit@pred@coef,
  note = "glm4() has no way in for a matrix: its inner functions are called"
  ),
  peer("glmnet, lambda = 0", function(data, tolerance) {
    glmnet::glmnet(data$x[, -1], data$y,
      family = "binomial", lambda = 0, standardize = FALSE, thresh = tolerance, maxit = 1e5
    )
  },
  package = "glmnet", takes = "sparse", interface = "sparse", inference = FALSE,
  tolerances = 1e-18, coefficients = function(fit) as.vector(stats::coef(fit)),
  note = "coordinate descent, thresh = 1e-18"
  )
)

# --- many classes ---------------------------------------------------------------------------------

class_peers <- list(
  peer("multinom + summary", function(data, tolerance) {
    fit <- nnet::multinom(y ~ .,
      data = data, Hess = TRUE, trace = FALSE, maxit = 1000, reltol = tolerance, abstol = 0,
      MaxNWts = 1e5
    )
    summary(fit)
    fit
  },
  package = "nnet", takes = "classes", tolerances = c(1e-8, 1e-15),
  coefficients = function(fit) t(stats::coef(fit)),
  note = "BFGS; its Hessian is made by summary()"
  ),
  peer("vglm", function(data, tolerance) {
    VGAM::vglm(y ~ .,
      family = VGAM::multinomial(refLevel = 1), data = data, epsilon = tolerance, maxit = 50
    )
  },
  package = "VGAM", takes = "classes", tolerances = c(1e-7, 1e-12),
  coefficients = function(fit) {
    matrix(VGAM::coef(fit), ncol = ncol(VGAM::predict(fit)), byrow = TRUE)
  }
  ),
  peer("glmnet, lambda = 0", function(data, tolerance) {
    glmnet::glmnet(design_of(data)[, -1], data$y,
      family = "multinomial", lambda = 0, standardize = FALSE, thresh = tolerance, maxit = 1e5
    )
  },
  package = "glmnet", takes = "classes", interface = "matrix", inference = FALSE,
  tolerances = 1e-18, note = "coordinate descent, thresh = 1e-18",
  coefficients = function(fit) {
    each <- vapply(stats::coef(fit), as.vector, numeric(nrow(stats::coef(fit)[[1]])))
    each[, -1] - each[, 1]
  }
  )
)

# --- Python ---------------------------------------------------------------------------------------

python_peer <- function(name, python, ...) {
  peer(name, python = python, interface = "arrays", ...)
}

python_peers <- list(
  python_peer("scikit-learn", "sklearn",
    takes = c("two classes", "sparse"), inference = FALSE, tolerances = 1e-11,
    note = "newton-cholesky, tol = 1e-11"
  ),
  python_peer("scikit-learn", "sklearn",
    takes = "classes", inference = FALSE, tolerances = 1e-11,
    note = "newton-cg, tol = 1e-11"
  ),
  python_peer("statsmodels GLM", "statsmodels_glm", tolerances = c(1e-8, 1e-14)),
  python_peer("statsmodels Logit", "statsmodels_logit", tolerances = c(1e-8, 1e-12)),
  python_peer("statsmodels MNLogit", "statsmodels_mnlogit",
    takes = "classes", tolerances = c(1e-8, 1e-12)
  )
)

# --- who takes part -------------------------------------------------------------------------------

# Those of peers-others.R too.
all_peers <- function() {
  c(
    own_entries, formula_peers, matrix_peers, sparse_peers, class_peers, python_peers, other_peers
  )
}

# By workload, because a name may stand for different settings in different workloads.
peers_of <- function(workload_name) {
  fits <- function(peer) {
    workloads[[workload_name]]$takes %in% peer$takes && workload_name %in% peer$only
  }
  chosen <- Filter(fits, all_peers())
  stats::setNames(chosen, vapply(chosen, `[[`, "", "name"))
}

is_ours <- function(peer) identical(peer$package, "fastlogit")

# The names by which install_peers() reports what is not there.
needs <- function(peer) c(peer$package, peer$program, if (!is.null(peer$python)) "python")
