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

# Sums over the rows of a group, groups x p q; of a sparse x they are sparse.
scores_of_groups <- function(x, score, group, groups) {
  do.call(cbind, lapply(seq_len(ncol(score)), function(k) {
    Matrix::sparseMatrix(group, seq_along(group), x = score[, k], dims = c(groups, nrow(x))) %*% x
  }))
}

# The same of a design, whatever it is.
scores_by_group <- function(design, score, group, groups) {
  if (!is.null(design$sparse)) return(scores_of_groups(design$sparse, score, group, groups))
  group_scores_impl(design, score, group, groups)
}

# For each way of clustering, the number of each row's cluster.
ways_of_rows <- function(fit, cluster, argument = "cluster") {
  ways <- if (inherits(cluster, "formula")) {
    variables_of_rows(fit, cluster, argument)
  } else if (is.list(cluster)) {
    as.list(cluster)
  } else if (is.matrix(cluster)) {
    as.list(as.data.frame(cluster))
  } else {
    stats::setNames(list(cluster), argument)
  }
  if (length(ways) == 0L) {
    input_error("`", argument, "` names no variable: give a formula such as ~ id.")
  }
  if (is.null(names(ways))) names(ways) <- paste("cluster", seq_along(ways))
  rows <- number_of_rows(fit)
  ways <- Map(function(of, name) {
    numbered_clusters(values_of_rows(of, name, rows, fit$na.action, argument), name, argument)
  }, ways, names(ways))
  for (name in names(ways)) check_whole_sets(fit, ways[[name]], name)
  ways
}

# A vector without the rows that the fit has omitted.
values_of_rows <- function(of, name, rows, omitted, argument) {
  if (!is.atomic(of) || !is.null(dim(of))) {
    input_error(
      "`", argument, "` must hold a value for each row (", name, "): found ", described(of), "."
    )
  }
  if (!is.null(omitted) && length(of) == rows + length(omitted)) of <- of[-omitted]
  check_length(of, rows, argument)
  if (anyNA(of)) no_cluster(name, argument)
  of
}

numbered_clusters <- function(of, name, argument) {
  known <- unique(of)
  check_clusters(length(known), name, argument)
  match(of, known)
}

no_cluster <- function(name, argument = "cluster") {
  input_error("missing value in `", argument, "` (", name, "): each row has to belong to one.")
}

check_clusters <- function(groups, name, argument = "cluster") {
  if (groups > 1L) return(invisible())
  what <- if (argument == "cluster") "cluster" else "group"
  input_error("all rows are in one ", what, " (", name, "): there have to be two or more.")
}

# In the data of the fit, for its rows.
variables_of_rows <- function(fit, formula, argument) {
  if (is_source(fit$data)) {
    input_error(
      "the rows of this fit were brought from a source, and are not looked up there: `", argument,
      "` must hold a value for each row, or be asked of the fit itself."
    )
  }
  tryCatch(
    {
      frame <- if (inherits(fit, "fastclogit")) {
        frame_of_sets_with(fit, formula)
      } else {
        model <- if (inherits(fit, "fastlogit")) as_lm(unclass(fit)) else fit
        stats::expand.model.frame(model, formula, na.expand = FALSE)
      }
      variables <- as.list(attr(stats::terms(formula), "variables"))[-1L]
      as.list(frame[vapply(variables, deparse1, "")])
    },
    error = function(e) {
      input_error("`", argument, "` cannot be evaluated: ", conditionMessage(e), ".")
    }
  )
}

# As stats::expand.model.frame(), whose formula would not know our strata().
frame_of_sets_with <- function(fit, formula) {
  env <- environment(fit$terms)
  more <- stats::update(stats::formula(fit$terms), stats::reformulate(c(".", all.vars(formula))))
  environment(more) <- env
  call <- fit$call
  call$na.action <- quote(stats::na.pass)
  frame <- frame_from_call(call, more, env, eval(call$data, env))
  row <- match(
    attr(stats::model.frame(fit), "row.names"), attr(frame, "row.names")
  )
  variables <- stats::model.frame(formula, frame, na.action = stats::na.pass)
  variables[row, , drop = FALSE]
}

# Clusters are of whole sets: the scores of a set's rows are no sum of independent ones.
check_whole_sets <- function(fit, groups, name, title = "clusters") {
  if (!inherits(fit, "fastclogit") || is_stored(fit)) return(invisible())
  set <- fit$set
  first <- groups[match(set, set)]
  bad <- which(groups != first)
  if (length(bad) == 0L) return(invisible())
  input_error(
    title, " are of whole sets: `", name, "` differs within the set of row ", bad[1L], "."
  )
}
