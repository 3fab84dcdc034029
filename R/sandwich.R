# Sandwich covariances: the inverse information on both sides of the sum of the outer products of
# the rows' scores (White 1982), or of those of clusters (Liang and Zeger 1986). One pass.

# complete: as vcov(); cluster: a formula, or a value for each row, or NULL.
sandwich_covariance <- function(fit, cluster, complete) {
  coefficients <- fit$coefficients
  known <- !is.na(if (is.matrix(coefficients)) t(coefficients) else coefficients)
  beta <- as.vector(if (is.matrix(coefficients)) t(coefficients) else coefficients)
  beta[is.na(beta)] <- 0
  meat <- if (is.null(cluster)) {
    rows <- if (is.null(fit$family)) class_rows(fit, fit$threads) else binary_rows(fit, fit$threads)
    rows$pool <- FALSE
    with_cache_errors(meat_impl(rows, beta))
  } else {
    clustered_meat(fit, cluster)
  }
  kept <- as.vector(known)
  bread <- if (is.null(fit$family)) {
    if (is.null(fit$cholesky$expected)) no_information("expected")
    chol2inv(fit$cholesky$expected)
  } else {
    inverse_information(fit)
  }
  covariance <- bread %*% meat[kept, kept, drop = FALSE] %*% bread
  covariance <- (covariance + t(covariance)) / 2
  names <- if (is.matrix(coefficients)) coefficient_names(coefficients) else names(coefficients)
  if (!complete) return(`dimnames<-`(covariance, list(names[kept], names[kept])))
  full <- matrix(NA_real_, length(names), length(names), dimnames = list(names, names))
  full[kept, kept] <- covariance
  full
}

# With the factor G / (G - 1) of G clusters, as sandwich::vcovCL() has it.
clustered_meat <- function(fit, cluster) {
  sums <- if (is_elsewhere(fit)) {
    cluster_scores_elsewhere(fit, cluster)
  } else {
    cluster_scores(fit, cluster)
  }
  groups <- nrow(sums)
  crossprod(sums) * groups / (groups - 1)
}

# clusters x p sums of scores.
cluster_scores <- function(fit, cluster) {
  group <- cluster_of_rows(fit, cluster)
  rows <- binary_rows(fit, fit$threads)
  x <- dense_rows(rows$design, seq_len(rows$design$rows))
  score <- fit$weights * fit$residuals
  score[fit$weights == 0] <- 0
  rowsum(x * as.vector(score), group, reorder = FALSE)
}

cluster_of_rows <- function(fit, cluster) {
  if (inherits(cluster, "formula")) {
    frame <- stats::expand.model.frame(as_lm(unclass(fit)), cluster, na.expand = FALSE)
    variables <- frame[all.vars(cluster)]
    cluster <- if (length(variables) == 1L) variables[[1L]] else interaction(variables, drop = TRUE)
  }
  omitted <- fit$na.action
  if (!is.null(omitted) && NROW(cluster) == length(fit$residuals) + length(omitted)) {
    cluster <- cluster[-omitted]
  }
  check_length(cluster, length(fit$residuals), "cluster")
  if (anyNA(cluster)) input_error("missing value in `cluster`: each row has to belong to one.")
  match(cluster, unique(cluster))
}

cluster_scores_elsewhere <- function(fit, cluster) {
  if (!inherits(cluster, "formula")) {
    input_error("`cluster` must be a formula, such as ~ id, of columns of the source: found ",
      described(cluster), ".")
  }
  clusters <- clusters_of_source(fit, cluster)
  rows <- rows_elsewhere(fit, 1L)
  sums <- matrix(0, clusters$groups, length(fit$coefficients))
  for_each_run(fit$elsewhere$handle, function(first, last) {
    row <- run_of_rows(fit, first, last, rows)
    group <- stored_columns(clusters$handle, 1L, first, last)[[1L]]
    x <- stored_design(rows, first, last)
    score <- row$working * working_residuals(row, fit$family)
    score[row$working == 0] <- 0
    of_run <- rowsum(x * score, group)
    at <- as.integer(rownames(of_run))
    sums[at, ] <<- sums[at, ] + of_run
  })
  unlink(clusters$handle$path)
  sums
}

# Each used row's cluster, in a file of the same blocks as the rows' own.
clusters_of_source <- function(fit, cluster) {
  with_agreed_kinds(fit$data, function(source) read_clusters(source, fit, cluster))
}

read_clusters <- function(source, fit, cluster) {
  asked <- fit$elsewhere$asked
  wanted <- wanted_columns(asked)
  if (!is.null(wanted)) wanted <- union(wanted, all.vars(cluster))
  block <- cache_facts(fit$elsewhere$handle)$block_rows
  path <- tempfile("clusters-", fileext = ".rows")
  writer <- cache_writer(path, 1L, fit$elsewhere$rows, block)
  on.exit(writer$abandon())
  known <- character()
  for_each_chunk(source, wanted, function(chunk) {
    missing <- setdiff(all.vars(cluster), names(chunk))
    if (length(missing)) input_error("the source has no column ", quoted(missing), ".")
    used <- used_of_chunk(asked, fit$elsewhere$plan, chunk)
    ids <- chunk[used, all.vars(cluster), drop = FALSE]
    if (anyNA(ids)) input_error("missing value in `cluster`: each row has to belong to one.")
    words <- do.call(paste, c(unname(as.list(ids)), sep = "\r"))
    coded <- code_words(words, known)
    known <<- coded$words
    if (length(words)) writer$append(list(coded$codes))
  })
  writer$finish(NULL)
  on.exit()
  handle <- row_cache(path, keep = FALSE)
  check_same_rows(handle, fit$elsewhere$rows)
  list(handle = handle, groups = length(known))
}

# The numbers of the rows of a chunk that the model frame keeps.
used_of_chunk <- function(asked, plan, chunk) {
  row.names(chunk) <- NULL
  as.integer(row.names(frame_of_chunk(asked, plan, chunk)))
}
