# Sandwich covariances: the inverse information on both sides of the sum of the outer products of
# the rows' scores (White 1982), or of those of clusters (Liang and Zeger 1986). One pass.

# Of the coefficients that are not aliased, class by class. cluster: a formula, or values for each
# row, or a list of such, or NULL.
sandwich_covariance <- function(fit, cluster, curvature = "expected") {
  beta <- flat_values(fit)
  kept <- !is.na(beta)
  beta[!kept] <- 0
  meat <- if (is.null(cluster)) {
    problem <- problem_of_fit(fit, fit$threads)
    problem$pool <- FALSE
    meat_impl(problem, beta)
  } else {
    clustered_meat(fit, cluster)
  }
  bread <- if (is.null(fit$family)) {
    chol2inv(fit$cholesky$expected %||% no_information("expected"))
  } else {
    inverse_information(fit, curvature)
  }
  covariance <- bread %*% meat[kept, kept, drop = FALSE] %*% bread
  (covariance + t(covariance)) / 2
}

# The multiway estimator of Cameron, Gelbach and Miller (2011): that of each way of clustering, less
# those of the intersections of two, and so on. With the factor G / (G - 1) of the G clusters of
# each, as sandwich::vcovCL(type = "HC0", cadjust = TRUE) has it.
clustered_meat <- function(fit, cluster) {
  sums <- if (is_stored(fit)) stored_cluster_scores(fit, cluster) else cluster_scores(fit, cluster)
  Reduce(`+`, lapply(sums, function(of) {
    of$sign * as.matrix(Matrix::crossprod(of$scores)) * of$groups / (of$groups - 1)
  }))
}

# By inclusion and exclusion: the sets of `ways` whose intersections count.
intersections <- function(ways) {
  sets <- list()
  for (way in seq_len(ways)) sets <- c(sets, list(way), lapply(sets, c, way))
  sets
}

sign_of <- function(set) if (length(set) %% 2L == 1L) 1 else -1

# For each set of ways its sign, the number of groups, and their scores, groups x p q.
cluster_scores <- function(fit, cluster) {
  ways <- ways_of_rows(fit, cluster)
  design <- rows_of(fit, fit$threads)$design
  x <- if (is.null(design$sparse)) design_matrix(design) else design$sparse
  score <- scores_in_eta(fit)
  lapply(intersections(length(ways)), function(set) {
    group <- Reduce(groups_of_pairs, ways[set])
    groups <- max(group)
    list(sign = sign_of(set), groups = groups, scores = scores_of_groups(x, score, group, groups))
  })
}

groups_of_pairs <- function(first, second) {
  pair <- first + (second - 1) * as.numeric(max(first))
  match(pair, unique(pair))
}

# n x q: the derivatives of the rows' log-likelihoods in their linear predictors.
scores_in_eta <- function(fit) {
  if (is.null(fit$family)) return(as.vector(fit$weights) * all_residuals(fit)[, -1L, drop = FALSE])
  matrix(ifelse(fit$weights == 0, 0, fit$weights * fit$residuals))
}

# Sums over the rows of a group, groups x p q; of a sparse x they are sparse.
scores_of_groups <- function(x, score, group, groups) {
  do.call(cbind, lapply(seq_len(ncol(score)), function(k) {
    Matrix::sparseMatrix(group, seq_along(group), x = score[, k], dims = c(groups, nrow(x))) %*% x
  }))
}

# For each way of clustering, the number of each row's cluster.
ways_of_rows <- function(fit, cluster) {
  ways <- if (inherits(cluster, "formula")) {
    variables_of_rows(fit, cluster)
  } else if (is.list(cluster)) {
    as.list(cluster)
  } else if (is.matrix(cluster)) {
    as.list(as.data.frame(cluster))
  } else {
    list(cluster = cluster)
  }
  if (length(ways) == 0L) input_error("`cluster` names no variable: give a formula such as ~ id.")
  if (is.null(names(ways))) names(ways) <- paste("cluster", seq_along(ways))
  rows <- NROW(fit$residuals)
  Map(function(of, name) numbered_clusters(of, name, rows, fit$na.action), ways, names(ways))
}

numbered_clusters <- function(of, name, rows, omitted) {
  single <- is.atomic(of) && is.null(dim(of))
  check_that(single, of, "`cluster` must hold a value for each row (", name, ")")
  if (!is.null(omitted) && length(of) == rows + length(omitted)) of <- of[-omitted]
  check_length(of, rows, "cluster")
  if (anyNA(of)) no_cluster(name)
  known <- unique(of)
  check_clusters(length(known), name)
  match(of, known)
}

no_cluster <- function(name) {
  input_error("missing value in `cluster` (", name, "): each row has to belong to one.")
}

check_clusters <- function(groups, name) {
  if (groups > 1L) return(invisible())
  input_error("all rows are in one cluster (", name, "): there have to be two or more.")
}

# In the data of the fit, for its rows.
variables_of_rows <- function(fit, formula) {
  if (is_source(fit$data)) {
    input_error(
      "the rows of this fit were brought from a source, and are not looked up there: `cluster` ",
      "must hold a value for each row, or be asked of the fit itself."
    )
  }
  model <- if (inherits(fit, "fastlogit")) as_lm(unclass(fit)) else fit
  tryCatch(
    {
      frame <- stats::expand.model.frame(model, formula, na.expand = FALSE)
      variables <- as.list(attr(stats::terms(formula), "variables"))[-1L]
      as.list(frame[vapply(variables, deparse1, "")])
    },
    error = function(e) input_error("`cluster` cannot be evaluated: ", conditionMessage(e), ".")
  )
}

# --- rows that are stored ------------------------------------------------------------------------

stored_cluster_scores <- function(fit, cluster) {
  names <- columns_of_source(cluster)
  clusters <- with_agreed_kinds(fit$data, function(source) read_clusters(source, fit, names))
  on.exit(unlink(clusters$handle$path))
  problem <- problem_of_fit(fit, 1L)
  sums <- lapply(clusters$groups, function(groups) matrix(0, groups, length(fit$coefficients)))
  for_each_run(fit$stored$handle, function(first, last) {
    score <- scores_of_run(fit, first, last, problem)
    x <- stored_design(problem, first, last)
    groups <- stored_columns(clusters$handle, seq_along(sums), first, last)
    for (i in seq_along(sums)) {
      here <- unique(groups[[i]])
      of_run <- scores_of_groups(x, score, match(groups[[i]], here), length(here))
      sums[[i]][here, ] <<- sums[[i]][here, , drop = FALSE] + as.matrix(of_run)
    }
  })
  Map(function(set, groups, scores) {
    list(sign = sign_of(set), groups = groups, scores = scores)
  }, clusters$sets, clusters$groups, sums)
}

# As scores_in_eta().
scores_of_run <- function(fit, first, last, problem) {
  if (is.null(fit$family)) {
    run <- class_run(fit$stored, first, last)
    beta <- flat_values(fit)
    eta <- stored_predictors(problem, ifelse(is.na(beta), 0, beta), first, last)$eta
    return(run$weights * (run$observed - class_probabilities(eta))[, -1L, drop = FALSE])
  }
  row <- run_of_rows(fit, first, last, problem)
  matrix(ifelse(row$working == 0, 0, row$working * working_residuals(row, fit$family)))
}

# What is computed of a column may depend on all its rows, so only columns will do.
columns_of_source <- function(cluster) {
  of_names <- inherits(cluster, "formula") && length(cluster) == 2L &&
    length(all.vars(cluster)) > 0L && all(all.names(cluster) %in% c("~", "+", all.vars(cluster)))
  if (of_names) return(all.vars(cluster))
  input_error(
    "`cluster` must be a formula of columns of the source, such as ~ id or ~ firm + year: found ",
    if (inherits(cluster, "formula")) deparse1(cluster) else described(cluster), "."
  )
}

# Each used row's clusters, in a file of the same blocks as the rows' own: a column for each set of
# ways, and the number of its groups.

read_clusters <- function(source, fit, names) {
  spec <- fit$stored$spec
  wanted <- wanted_columns(spec)
  if (!is.null(wanted)) wanted <- union(wanted, names)
  sets <- intersections(length(names))
  block <- cache_facts(fit$stored$handle)$block_rows
  path <- tempfile("clusters-", fileext = ".rows")
  writer <- cache_writer(path, length(sets), fit$stored$design$rows, block)
  on.exit(writer$abandon())
  known <- rep(list(character()), length(sets))
  for_each_chunk(source, wanted, function(chunk) {
    missing <- setdiff(names, names(chunk))
    if (length(missing)) input_error("the source has no column ", quoted(missing), ".")
    used <- used_of_chunk(spec, fit$stored$plan, chunk)
    ids <- lapply(names, function(name) exact_words(chunk[[name]][used], name))
    coded <- Map(function(set, known) {
      code_words(do.call(paste, c(unname(ids[set]), sep = "\r")), known)
    }, sets, known)
    known <<- lapply(coded, `[[`, "words")
    if (length(used)) writer$append(lapply(coded, `[[`, "codes"))
  })
  writer$finish(NULL)
  on.exit()
  handle <- row_cache(path, keep = FALSE)
  check_same_rows(handle, fit$stored$design$rows)
  Map(check_clusters, lengths(known[lengths(sets) == 1L]), names)
  list(handle = handle, sets = sets, groups = lengths(known))
}

# Numbers with all their digits.
exact_words <- function(x, name) {
  if (anyNA(x)) no_cluster(name)
  if (is.double(x) && !is.object(x)) sprintf("%.17g", x) else as.character(x)
}

# The numbers of the rows of a chunk that the model frame keeps.
used_of_chunk <- function(spec, plan, chunk) {
  row.names(chunk) <- NULL
  as.integer(row.names(frame_of_chunk(spec, plan, chunk)))
}
