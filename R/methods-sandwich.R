# Sandwich covariances: the inverse information on both sides of the sum of the outer products of
# the rows' scores (White 1982), or of those of clusters (Liang and Zeger 1986). One pass.

# What `type` may be besides the inverse of an information, without clusters and with them.
row_types <- c("robust", "HC0", "HC1", "HC2", "HC3", "stata")
cluster_types <- c("CR0", "CR1", "CR2")
information_types <- c("expected", "observed")

# Of the coefficients that are not aliased, class by class; type: see vcov.fastlogit(). cluster: a
# formula, or values for each row, or a list of such, or NULL. A list of the `covariance` and the
# number of `groups`, the least of all ways of clustering.
sandwich <- function(fit, type, cluster) {
  check_sandwich(fit, type, cluster)
  beta <- core_values(fit)
  kept <- !is.na(beta)
  beta[!kept] <- 0
  meat <- if (is.null(cluster)) row_meat(fit, type, beta) else clustered_meat(fit, type, cluster)
  if (!all(is.finite(meat$sum))) no_sandwich(type)
  # As package sandwich counts them: also those of weight zero. Of sets each is one observation.
  rows <- if (inherits(fit, "fastclogit")) fit$sets$used else number_of_rows(fit)
  if (type == "HC1") {
    reference <- if (is.null(cluster)) rows else rows - 1
    meat$sum <- meat$sum * reference / (rows - sum(kept))
  }
  if (type == "stata" && is.null(cluster)) meat$sum <- meat$sum * rows / (rows - 1)
  bread <- inverse_of_all(fit, curvature_of_bread(fit, type))
  covariance <- bread %*% meat$sum[kept, kept, drop = FALSE] %*% bread
  list(covariance = (covariance + t(covariance)) / 2, groups = meat$groups)
}

# That of polr() is the observed information.
curvature_of_bread <- function(fit, type) {
  if (is_ordered_fit(fit)) return(own_curvature(fit))
  if (type == "observed") "observed" else "expected"
}

check_sandwich <- function(fit, type, cluster) {
  if (is.null(cluster)) {
    if (type %in% cluster_types) {
      input_error("`type = \"", type, "\"` is for clusters: give `cluster`, such as ~ id.")
    }
  } else if (type %in% c("HC2", "HC3")) {
    input_error(
      "`type = \"", type, "\"` is for rows that are independent: with `cluster` use \"CR2\"."
    )
  }
  if (!type %in% c("HC2", "HC3", "CR2")) return(invisible())
  if (!inherits(fit, "fastlogit")) {
    input_error(
      "`type = \"", type, "\"` is for two classes: for ",
      if (is_of_classes(fit)) "many" else "sets", " use ",
      if (type == "CR2") "\"CR1\"." else "\"HC1\"."
    )
  }
  if (type == "CR2" && is_stored(fit)) {
    input_error(
      "`type = \"CR2\"` takes all rows of a cluster together, and these are stored in another ",
      "order: use \"CR1\", or fit a data frame."
    )
  }
}

no_sandwich <- function(type) {
  fit_error(
    "fastlogit_no_sandwich",
    "there is no covariance matrix of type \"", type, "\": rows of leverage 1 have no ",
    "residual. Use \"HC1\" or \"CR1\"."
  )
}

# The leverages of HC2 and HC3 divide the scores (MacKinnon and White 1985).
row_meat <- function(fit, type, beta) {
  power <- switch(type, HC2 = 0.5, HC3 = 1, 0)
  problem <- problem_of_fit(fit, fit$threads)
  problem$pool <- FALSE
  inverse <- NULL
  if (power > 0) {
    estimated <- !is.na(fit$coefficients)
    inverse <- matrix(0, length(estimated), length(estimated))
    inverse[estimated, estimated] <- inverse_information(fit)
  }
  list(sum = meat_impl(problem, beta, power, inverse), groups = NULL)
}

# The multiway estimator of Cameron, Gelbach and Miller (2011): that of each way of clustering, less
# those of the intersections of two, and so on. With the factor G / (G - 1) of the G clusters of
# each, as sandwich::vcovCL(type = "HC0", cadjust = TRUE) has it, but for "CR0" and "CR2".
clustered_meat <- function(fit, type, cluster) {
  sums <- if (is_stored(fit)) {
    stored_cluster_scores(fit, cluster)
  } else if (type == "CR2") {
    adjusted_cluster_scores(fit, cluster)
  } else {
    cluster_scores(fit, cluster)
  }
  parts <- lapply(sums, function(of) {
    factor <- if (type %in% c("CR0", "CR2")) 1 else of$groups / (of$groups - 1)
    of$sign * factor * as.matrix(Matrix::crossprod(of$scores))
  })
  one_way <- vapply(sums, function(of) isTRUE(of$ways == 1L), NA)
  list(
    sum = Reduce(`+`, parts), groups = min(vapply(sums[one_way], `[[`, 0, "groups"))
  )
}

# For each set of ways its sign, the number of groups, and their scores, groups x p q.
cluster_scores <- function(fit, cluster) {
  ways <- ways_of_rows(fit, cluster)
  design <- rows_of(fit, fit$threads)$design
  score <- if (is_ordered_fit(fit)) ordered_scores(fit) else scores_in_eta(fit)
  lapply(intersections(length(ways)), function(set) {
    group <- Reduce(groups_of_pairs, ways[set])
    groups <- max(group)
    scores <- if (is_ordered_fit(fit)) {
      ordered_group_scores(fit, design, score, group, groups)
    } else {
      scores_by_group(design, score, group, groups)
    }
    list(sign = sign_of(set), ways = length(set), groups = groups, scores = scores)
  })
}

# As cluster_scores() of one way, with the adjustment of Bell and McCaffrey (2002), under which the
# sandwich is unbiased where the model holds; for generalised linear models as in Pustejovsky and
# Tipton (2018). Of a cluster with the variances S of its responses, rows Z = sqrt(w) x (w the
# working weights) and V the inverse information the score is
#   Z' (S (I - Z V Z') S)^(-1/2) S^(1/2) (y - mu).
adjusted_cluster_scores <- function(fit, cluster) {
  ways <- ways_of_rows(fit, cluster)
  if (length(ways) > 1L) {
    input_error("`type = \"CR2\"` is for one way of clustering: for several use \"CR1\".")
  }
  design <- rows_of(fit, fit$threads)$design
  fit <- in_memory(fit)
  weight <- fit$weights
  variance <- fit$family$variance(fit$fitted.values) / fit$prior.weights
  residual <- fit$y - fit$fitted.values
  estimated <- !is.na(fit$coefficients)
  inverse <- inverse_information(fit)
  used <- split(seq_along(weight)[weight > 0], ways[[1L]][weight > 0])
  scores <- matrix(0, length(used), length(estimated))
  for (g in seq_along(used)) {
    of <- used[[g]]
    z <- sqrt(weight[of]) * design_matrix(rows_of_design(design, of))[, estimated, drop = FALSE]
    adjusted <- variance[of] * (diag(length(of)) - z %*% tcrossprod(inverse, z))
    adjusted <- inverse_root(adjusted * rep(variance[of], each = length(of)))
    scores[g, estimated] <- crossprod(z, adjusted %*% (sqrt(variance[of]) * residual[of]))
  }
  list(list(sign = 1, ways = 1L, groups = max(ways[[1L]]), scores = scores))
}

# a^(-1/2), symmetric; of directions in which a is zero to rounding, zero.
inverse_root <- function(a) {
  parts <- eigen(a, symmetric = TRUE)
  kept <- parts$values > 1e-12 * parts$values[1L]
  vectors <- parts$vectors[, kept, drop = FALSE]
  vectors %*% (t(vectors) / sqrt(parts$values[kept]))
}

# sandwich's vcovCL() knows a glm by its first class, and warns that HC2 and HC3 are for those only.
with_clusters <- function(fit, code) {
  if (!is.null(fit$penalty)) return(code)
  withCallingHandlers(code, warning = function(condition) {
    spurious <- startsWith(conditionMessage(condition), "clustered HC2/HC3 are only applicable")
    if (spurious) tryInvokeRestart("muffleWarning")
  })
}
