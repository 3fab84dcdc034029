# Objects: what a fit returns. Which one is the model's matter; which of its parts are kept row by
# row that of the rows.

# solved: see solve_model(); null: see null_model().
as_fit <- function(model, solved, rows, null, options) UseMethod("as_fit")

# spec: as for fit_model(), with `data`.
finish_fit <- function(model, fit, rows, spec, options) UseMethod("finish_fit")

# Of rows: how many are of positive weight; the parts that a fit has for each of them; the family's
# aic() of them all; what is kept to answer for them; and a fit with what the call asks to keep.
used_in <- function(rows) UseMethod("used_in")
parts_by_row <- function(rows, family, solved) UseMethod("parts_by_row")
saturated_and_deviance <- function(rows, family, solved) UseMethod("saturated_and_deviance")
kept_of <- function(rows, family, solved) UseMethod("kept_of")
with_rows <- function(rows, fit, options) UseMethod("with_rows")

kept_of.memory_rows <- function(rows, family, solved) NULL

# The part of a blueprint that the object has not otherwise, see blueprint_of().
kept_blueprint <- function(blueprint) {
  blueprint[c("used", "columns", "assign", "pieces", "levels")]
}
