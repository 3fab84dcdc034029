# Ordered classes: what average effects make of slopes that all cuts share, and of cut-points.

# See places_by_class(). With the coefficients spread out into a table of the design's columns by
# cuts, a change of a variable maps its rows, as for many classes. The cut-points stay where they
# are, but that slopes have none.
places_by_cut <- function(fit, plan) {
  check_few_classes(fit)
  cuts <- cuts_of_fit(fit)
  zeta <- seq_len(cuts$count)
  own <- table_of_cuts(cuts)
  # Where any columns vary all do, as x:f becomes f where x is set to a value.
  cuts$columns <- plan$columns
  if (length(cuts$varying)) cuts$varying <- setdiff(seq_len(plan$columns), cuts$intercept)
  all <- table_of_cuts(cuts)
  values <- replace(known_start(core_values(fit)), zeta, 0)
  beta <- own$sign * matrix(values[own$at], ncol = cuts$count)
  list(
    core = function(map, rows) {
      point <- numeric(all$size)
      point[all$at] <- all$sign * mapped_point(map, beta, plan$columns, offset = -1)
      if (rows) point[zeta] <- point[zeta] + fit$zeta
      point
    },
    own = function(map, gradients, rows) {
      of_table <- all$sign * all$once * gradients[all$at, , drop = FALSE]
      back <- mapped_back(map, of_table, plan$columns, nrow(beta))
      found <- sums_at(own$sign * matrix(back, length(beta)), own$at, own$size)
      found[zeta, ] <- if (rows) gradients[zeta, ] else 0
      found[fit$position, , drop = FALSE]
    }
  )
}

# Where in the core's order the coefficients of a table of columns by cuts are: `at`, the `sign` of
# each column in the predictors, `once` each of those that cuts share, and how many there are.
# cuts: see core_model().
table_of_cuts <- function(cuts) {
  shared <- setdiff(seq_len(cuts$columns), c(cuts$intercept, cuts$varying))
  own <- cuts$count * (1L + length(cuts$varying))
  at <- matrix(0L, cuts$columns, cuts$count)
  at[cuts$intercept, ] <- seq_len(cuts$count)
  at[cuts$varying, ] <- matrix(seq_len(own)[-seq_len(cuts$count)], ncol = cuts$count, byrow = TRUE)
  at[shared, ] <- own + seq_along(shared)
  at <- as.vector(at)
  list(
    at = at, sign = replace(rep.int(1, cuts$columns), shared, -1), once = !duplicated(at),
    size = own + length(shared)
  )
}

# The mean of each class of a row depends on all cuts, in second derivatives by their squares.
check_few_classes <- function(fit) {
  if (length(fit$lev) <= most_classes_averaged) return(invisible())
  input_error(
    "averages of ", length(fit$lev), " classes would take the squares of their number for each ",
    "row: they are for up to ", most_classes_averaged, "."
  )
}

most_classes_averaged <- 50L

# Which columns go with which cuts, as core_model() has it.
cuts_of_fit <- function(fit) {
  blueprint <- blueprint_of(fit)
  design <- list(names = blueprint$columns, assign = blueprint$assign)
  core_model(model_of(fit), list(levels = fit$lev), design)$cuts
}
