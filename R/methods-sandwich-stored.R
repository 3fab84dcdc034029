# Sandwich covariances by clusters of rows that are stored: the source is read once more, for the
# clusters' names.

stored_cluster_scores <- function(fit, cluster) {
  if (is_of_sets(fit)) return(stored_scores_of_sets(fit, cluster))
  clusters <- clusters_of_source(fit, columns_of_source(cluster))
  on.exit(unlink(clusters$handle$path))
  problem <- problem_of_fit(fit, 1L)
  sums <- lapply(clusters$groups, function(groups) {
    matrix(0, groups, length(flat_values(fit)))
  })
  for_each_run(fit$stored$handle, function(first, last) {
    x <- stored_design(problem, first, last)
    of_groups <- if (is_ordered_fit(fit)) {
      ordered_run_scores(fit, problem, first, last, x)
    } else {
      score <- scores_of_run(fit, first, last, problem)
      function(group, groups) scores_of_groups(x, score, group, groups)
    }
    groups <- stored_columns(clusters$handle, seq_along(sums), first, last)
    for (i in seq_along(sums)) {
      here <- unique(groups[[i]])
      of_run <- of_groups(match(groups[[i]], here), length(here))
      sums[[i]][here, ] <<- sums[[i]][here, , drop = FALSE] + as.matrix(of_run)
    }
  })
  Map(function(set, groups, scores) {
    list(sign = sign_of(set), ways = length(set), groups = groups, scores = scores)
  }, clusters$sets, clusters$groups, sums)
}

# The same of matched sets, by their rows in the order of the source.
stored_scores_of_sets <- function(fit, cluster) {
  names <- columns_of_source(cluster)
  whole <- in_memory(fit)
  fit$stored <- fit$stored$ungrouped
  clusters <- clusters_of_source(fit, names)
  on.exit(unlink(clusters$handle$path))
  design <- rows_of(whole)$design
  score <- scores_in_eta(whole)
  Map(function(set, groups, column) {
    group <- as.integer(read_column(clusters$handle, column))
    if (length(set) == 1L) check_whole_sets(whole, group, names[set])
    list(
      sign = sign_of(set), ways = length(set), groups = groups,
      scores = scores_by_group(design, score, group, groups)
    )
  }, clusters$sets, clusters$groups, seq_along(clusters$sets))
}

# As scores_in_eta().
scores_of_run <- function(fit, first, last, problem) {
  if (is.null(fit$family)) {
    run <- class_run(fit$stored, first, last)
    beta <- as.vector(t(coefficient_matrix(fit)))
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
clusters_of_source <- function(fit, names) {
  with_agreed_kinds(fit$data, function(source) read_clusters(source, fit, names))
}

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
