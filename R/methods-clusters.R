# Clusters of rows: which there are, in one way or several, and sums of scores over them.

# By inclusion and exclusion: the sets of `ways` whose intersections count.
intersections <- function(ways) {
  sets <- list()
  for (way in seq_len(ways)) sets <- c(sets, list(way), lapply(sets, c, way))
  sets
}

sign_of <- function(set) if (length(set) %% 2L == 1L) 1 else -1

groups_of_pairs <- function(first, second) {
  pair <- first + (second - 1) * as.numeric(max(first))
  match(pair, unique(pair))
}

# Sums over the rows of a group, groups x p q. score: of each predictor.
group_scores <- function(design, score, group, groups) {
  if (is.null(design$sparse)) return(group_scores_impl(design, score, group, groups))
  scores_of_groups(design$sparse, score, group, groups)
}

# The same for the rows of a matrix; of a sparse x they are sparse.
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
  rows <- number_of_rows(fit)
  Map(function(of, name) numbered_clusters(of, name, rows, fit$na.action), ways, names(ways))
}

numbered_clusters <- function(of, name, rows, omitted) {
  if (!is.atomic(of) || !is.null(dim(of))) {
    input_error("`cluster` must hold a value for each row (", name, "): found ", described(of), ".")
  }
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
