# A test of goodness of fit of ordered classes: do groups of rows keep effects of their own?

# Lipsitz, Fitzmaurice and Molenberghs (1996): the groups of the Hosmer-Lemeshow test, but for the
# first, are added to the model as terms with one slope for all cuts.
lipsitz <- function(fit, groups) {
  if (is_stored(fit)) {
    return(not_tested("Lipsitz: no test, as the rows are stored: it adds columns to the design."))
  }
  rows <- all_rated_rows(fit)
  group <- groups_by_quantiles(fit_score(rows), rows$weights, groups)
  there <- max(group)
  if (there < 2L) return(not_tested("Lipsitz: no test, with one group."))
  blueprint <- blueprint_of(fit)
  member <- outer(group, seq_len(there)[-1L], `==`) + 0
  design <- as_design(cbind(stats::model.matrix(fit), member, deparse.level = 0L))
  design$names <- c(blueprint$columns, rep.int("added", there - 1L))
  design$assign <- c(blueprint$assign, rep.int(-1L, there - 1L))
  control <- quietly(complete_control(list(), "newton"))
  response <- list(category = fit$category - 1L, weights = fit$weights)
  core <- core_model(model_of(fit), list(levels = fit$lev), design)
  problem <- plain_problem(design, response, rows_of(fit)$offset, core, control$threads)
  start <- c(known_start(core_values(fit)), numeric(there - 1L))
  solved <- solve_problem(problem, list(list(coefficients = start)), control, "newton")
  if (solved$status != "converged") warn_refit(solved)
  tested(
    max(0, fit$deviance + 2 * solved$logLik), sum(!solved$aliased) - fit$edf,
    paste0("Lipsitz: ", there, " groups as terms of the model.")
  )
}
