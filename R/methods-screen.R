# Screening: tests of many columns, each added to a model by itself.

#' Screen many columns, each added to a model
#'
#' Adds each of many columns to the model that is there, one at a time, and tests it: the screen of
#' genetic variants, of metabolites or of words, adjusted for the predictors of the fit.
#'
#' Each candidate is the last column of a model of its own, fitted to its maximum: estimate and
#' standard error are those of `fastlogit(y ~ ... + candidate)`, whatever the test. What all these
#' models have in common is computed once, and each begins at the model without.
#'
#' \describe{
#'   \item{`"score"`}{Rao's test, by the model without the candidate: that of `anova(test = "Rao")`.
#'     It does not take the estimate to be finite.}
#'   \item{`"lr"`}{the likelihood ratio, that of `anova(test = "LRT")`; under a penalty that of the
#'     penalised likelihood with the candidate's coefficient held at zero (Heinze and Schemper
#'     2002), as [lr_test()] has it. Where estimates are infinite it is the limit.}
#'   \item{`"wald"`}{the estimate divided by its standard error, as in [summary()].}
#' }
#'
#' Rows in which a candidate is missing are left out of its model, and of the model that it is
#' compared with. Candidates that lack the same rows share that one.
#'
#' @section What may go wrong with a candidate:
#' `status` says it, and no candidate is left out of the table.
#' \describe{
#'   \item{`"converged"`}{nothing.}
#'   \item{`"separated"`}{the rows are separated, see [separation()]: the estimate is `Inf` or
#'     `-Inf`, and has no standard error. With `penalty = "if separated"` these are fitted once more
#'     with `"firth"`, and `penalty` in the table says so.}
#'   \item{`"constant"`}{all values are equal.}
#'   \item{`"aliased"`}{it is a linear combination of the columns of the model.}
#'   \item{`"too few rows"`}{there are not more rows with a value than coefficients without it.}
#'   \item{`"not converged"`}{the iterations found no maximum.}
#' }
#'
#' @section Sources of columns:
#' What does not fit into memory comes some columns at a time.
#' A `source_function(f)`: `f(reset = TRUE)` goes back to the first column, `f(reset = FALSE)`
#' returns the next columns as a matrix or a data frame, `NULL` after the last ones. Of
#' [source_files()] and [source_dbi()], whose rows are those of the fit, in their order, every
#' column is a candidate; as many are read in a pass as a block of 32 MB holds.
#'
#' @param fit a fit by [fastlogit()] or [fastmultinom()], with any link, weights, offset and design;
#'   of rows in memory, and not of a survey design, nor with a dispersion to be estimated.
#' @param candidates the columns: a matrix of doubles, integers, truth values or raw codes (0, 1, 2
#'   and so on; raw numbers cannot be missing), a sparse matrix, a data frame of numbers, or a
#'   source of columns. A row for each row of the fit, or for each row of its data, of which those
#'   that the fit has left out for missing values are left out.
#' @param test `"score"`, `"lr"` or `"wald"`. By default the first that there is: with a penalty
#'   there are no score tests, and with one that is none of the likelihood no likelihood ratios.
#' @param penalty `NULL`: the fit's own. Or, for all the models, a penalty as [fastlogit()] has it
#'   (`"none"`, `"firth"`, ...); or `"if separated"`: the fit's none, and `"firth"` for candidates
#'   that separate the rows. By [penalty_ridge()] candidates are penalised as other columns are,
#'   but not where it has a `lambda` for each name.
#' @param adjust a method of [stats::p.adjust()], for a column `p.adjusted`; `"none"`: there is
#'   none.
#' @param threads the number of threads, by default as many as there are cores. The results do not
#'   depend on it, down to the last bit.
#' @param workers `NULL`, or processes that share the candidates, as [fastlogit()] takes them. Each
#'   gets the rows of the model and its part of the candidates; the results are the same.
#' @param ... nothing: an unknown argument is an error.
#' @return A data frame of class `"fastlogit_screen"`, with a row for each candidate, in their
#'   order, and the columns
#'   \item{name}{of the column, or `x` and its number.}
#'   \item{n}{the number of rows, of weight above zero, with a value.}
#'   \item{mean, nonzero}{the mean of these values, and how many of them are not zero.}
#'   \item{estimate, std.error}{of the coefficient, on the scale of the linear predictor (log odds
#'     for the logit link). Of many classes a column for each class but the baseline,
#'     `estimate.<class>`.}
#'   \item{statistic}{z for `"wald"` (of many classes chi squared), else chi squared, with a degree
#'     of freedom for each coefficient.}
#'   \item{p.value, p.adjusted}{of the test, and adjusted for all where `adjust` asks for it.}
#'   \item{status}{see below: what may go wrong.}
#'   \item{test, penalty}{which were used.}
#'
#'   Printing shows the smallest p-values, `summary()` counts and the genomic-control factor, and
#'   `plot()` a Manhattan and a QQ plot, see [plot.fastlogit_screen()].
#' @section Errors:
#' It is an error (of class `"fastlogit_input_error"`) if a candidate has infinite values, or a
#' number of rows that is not the fit's; and one of class `"fastlogit_separation"` if the fit itself
#' is separated, and the models of the screen have no penalty that makes estimates finite.
#' @references
#' Heinze, G. and Schemper, M. (2002) A solution to the problem of separation in logistic
#' regression. *Statistics in Medicine* **21**, 2409-2419.
#'
#' Devlin, B. and Roeder, K. (1999) Genomic control for association studies. *Biometrics* **55**,
#' 997-1004.
#' @seealso [plot.fastlogit_screen()], [drop1.fastlogit()] for a few terms, [bootstrap()]
#' @examples
#' # 500 variants of 400 people, coded 0, 1 and 2; the 17th raises the risk
#' set.seed(1)
#' variants <- matrix(rbinom(400 * 500, 2, 0.2), 400)
#' d <- data.frame(age = rnorm(400, 50, 10))
#' d$ill <- rbinom(400, 1, plogis(-1 + 0.03 * (d$age - 50) + 0.8 * variants[, 17]))
#' fit <- fastlogit(ill ~ age, data = d)
#' s <- screen(fit, variants, adjust = "holm")
#' s
#' summary(s)
#'
#' # Likelihood ratios, and estimates that are finite where the rows are separated
#' rare <- matrix(rbinom(400 * 20, 1, 0.005), 400)
#' screen(fit, rare, test = "lr", penalty = "if separated")
#' @export
screen <- function(fit, candidates, ...) {
  if (missing(fit)) return(screen_of_graphics(...))
  UseMethod("screen")
}

#' @rdname screen
#' @export
screen.fastlogit <- function(fit, candidates, test = c("score", "lr", "wald"), penalty = NULL,
                             workers = NULL, adjust = "none", threads = NULL, ...) {
  check_no_unknown()
  adjust <- check_choice(adjust, stats::p.adjust.methods, "adjust")
  check_can_be_screened(fit)
  nest <- nest_of_many(fit, threads)
  plan <- plan_of_screen(fit, nest, penalty, if (!missing(test)) test)
  if (!is.null(workers) && identical(plan$model$link, user_link)) {
    plan$model$family <- family_to_travel(plan$model$family)
  }
  engine <- as_engine(workers)
  on.exit(close_engine(engine))
  found <- screen_candidates(as_candidates(candidates), fit, nest, plan, engine)
  table_of_screen(found, fit, plan, adjust)
}

#' @rdname screen
#' @export
screen.fastmultinom <- screen.fastlogit

# Calls that mean graphics::screen(), which ours stands before.

#' @export
screen.numeric <- function(fit, candidates = TRUE, ...) graphics::screen(fit, candidates)

screen_of_graphics <- function(...) {
  check_no_unknown(also = c("n", "new", names(formals(screen.fastlogit))))
  graphics::screen(...)
}

#' @export
screen.default <- function(fit, candidates, ...) {
  if (!inherits(fit, c("fastclogit", "fastordinal"))) check_is_fit(fit)
  input_error(
    "screen() is of fits by fastlogit() and fastmultinom(), and this is one by ",
    if (inherits(fit, "fastclogit")) "fastclogit()" else "fastordinal()",
    ": add the candidates one by one, as by update()."
  )
}

check_can_be_screened <- function(fit) {
  if (is_corrected(fit)) {
    input_error(
      "screen() compares fits by maximum likelihood, and these estimates have a bias correction: ",
      "fit without `bias_correction`, or fit the candidates one by one with it."
    )
  }
  if (is_surveyed(fit)) {
    input_error(
      "screen() takes rows to be independent, and those of a survey design are not: fit the ",
      "candidates one by one, with vcov = of the design."
    )
  }
  if (is_stored(fit)) {
    input_error(
      "screen() adds columns to rows in memory, and those of this fit are stored: fit a data frame."
    )
  }
  known <- is.null(fit$family) || has_known_dispersion(fit$family)
  if (known) return(invisible())
  input_error(
    "screen() has tests for known dispersion, and that of ", fit$family$family, "() is to be ",
    "estimated: fit with binomial()."
  )
}

# What is done with each candidate: the `model`, with its penalty; with which one separated ones are
# fitted again, if they are; and the `test`.
plan_of_screen <- function(fit, nest, penalty, test) {
  again <- identical(penalty, "if separated")
  model <- nest$model
  if (again) {
    if (!is.null(model$penalty)) {
      input_error(
        "`penalty = \"if separated\"` is for fits without a penalty, and this is one with ",
        penalty_title(model$penalty), ", of which no estimate is infinite."
      )
    }
  } else if (!is.null(penalty)) {
    model["penalty"] <- list(as_penalty(penalty, nest$algorithm))
    check_penalised_columns(model$penalty, nest$rows$design$names)
  }
  if (is.null(model$penalty) && is_separated(fit)) {
    fit_error(
      "fastlogit_separation",
      "the rows are separated (", estimates_told(fit$separation_details), "), and stay so with ",
      "any candidate: screen with `penalty = \"firth\"`."
    )
  }
  if (adjusts_score(model$penalty)) nest$algorithm <- "fisher"
  firth <- if (again) as_penalty("firth", nest$algorithm)
  list(
    model = model, again = firth, algorithm = nest$algorithm,
    test = test_of_screen(test, model$penalty, firth, has_canonical_link(fit))
  )
}

# test: NULL for the first that there is.
test_of_screen <- function(test, penalty, again, canonical) {
  has <- c(
    score = is.null(penalty),
    lr = all(vapply(Filter(length, list(penalty, again)), penalises_likelihood, NA, canonical)),
    wald = TRUE
  )
  if (is.null(test)) return(names(which(has))[1L])
  test <- check_choice(test, names(has), "test")
  if (has[[test]]) return(test)
  input_error(
    "`test = \"", test, "\"` is none of a model with ", penalty_title(penalty %||% again),
    if (test == "lr") ", which is no penalty of the likelihood", ": there ",
    if (sum(has) == 1L) "is " else "are ", enumerated(paste0("\"", names(which(has)), "\"")), "."
  )
}

# The answers of add_candidates(), with `names`, and of each candidate the name of its `penalty`.
screen_candidates <- function(source, fit, nest, plan, engine) {
  rows <- nest$rows
  together <- max(1, weights_at_most %/% rows$design$rows)
  known <- !is.na(source$count)
  bar <- progress_line(paste0("screen: candidate {done}", if (known) " of {all}"))
  on.exit(bar$done())
  asked <- list(
    test = plan$test, rank = sum(!is.na(coefficient_table(fit)[1L, ])),
    intercept = "(Intercept)" %in% rows$design$names
  )
  parts <- list()
  done <- 0
  while (!is.null(block <- source$next_block(together))) {
    if (!length(block$names)) next
    block$kept <- kept_rows(block$columns, rows$design$rows, fit$na.action)
    part <- screen_block(block, nest, plan, asked, engine)
    parts[[length(parts) + 1L]] <- c(part, list(names = block$names))
    done <- done + length(block$names)
    bar$show(done = done, all = source$count)
  }
  joined_parts(parts)
}

joined_parts <- function(parts) {
  if (!length(parts)) input_error("`candidates` has no columns: there is nothing to add.")
  joined <- function(name) {
    do.call(if (name %in% c("estimate", "std.error")) cbind else c, lapply(parts, `[[`, name))
  }
  names <- names(parts[[1L]])
  stats::setNames(lapply(names, joined), names)
}

# With those that separate the rows fitted again, where that was asked for.
screen_block <- function(block, nest, plan, asked, engine) {
  found <- add_candidates(
    nest$rows, plan$model, nest$start, block, asked, nest$control, plan$algorithm, engine
  )
  found$penalty <- rep(plan$model$penalty$name %||% "none", length(block$names))
  again <- which(found$status == "separated")
  if (is.null(plan$again) || !length(again)) return(found)
  model <- replace(plan$model, "penalty", list(plan$again))
  block[c("columns", "names")] <- list(some_columns(block$columns, again), block$names[again])
  if (asked$test == "score") asked$test <- "wald"
  firth <- add_candidates(
    nest$rows, model, nest$start, block, asked, nest$control, "fisher", engine
  )
  found$estimate[, again] <- firth$estimate
  found$std.error[, again] <- firth$std.error
  if (plan$test != "score") found$statistic[again] <- firth$statistic
  found$penalty[again] <- plan$again$name
  failed <- again[firth$status != "converged"]
  found$status[failed] <- firth$status[firth$status != "converged"]
  found
}
