# Rows of a survey design: those of its data frame, weighted by what the design says, scaled to a
# mean of one, as survey::svyglm() has it. Rows that the fit leaves out stay in the design, with
# nothing to add to a total.

# nolint start: object_name_linter. The names are those of package survey's classes.
ingest_rows.survey.design <- function(source, spec, model, options) {
  data <- source$variables
  rows <- ingest_rows.default(data, spec_of_design(spec, source), model, options)
  rows$survey <- list(
    design = source, unit = mean(stats::weights(source, "sampling")),
    at = match(attr(rows$frame, "row.names"), attr(data, "row.names"))
  )
  rows
}

ingest_rows.svyrep.design <- ingest_rows.survey.design
# nolint end

# What a call says of the design's rows: it is evaluated where it was written, in which nothing of
# them is known.
spec_of_design <- function(spec, design) {
  check_survey(spec)
  sampling <- stats::weights(design, "sampling")
  spec$call$data <- design$variables
  spec$call$weights <- sampling / mean(sampling)
  spec
}

is_survey_design <- function(x) inherits(x, c("survey.design", "svyrep.design"))

check_survey <- function(spec) {
  if (!requireNamespace("survey", quietly = TRUE)) {
    input_error("`data` is a survey design: install package survey, whose functions know it.")
  }
  if (is.null(spec$call$weights)) return(invisible())
  input_error("`weights` are those of the survey design: leave the argument out.")
}

# The variance of the total of n values in the design, of which those of other rows are zero.
variance_of_total <- function(survey, values) {
  rows <- nrow(survey$design$variables)
  if (nrow(values) < rows) {
    all <- matrix(0, rows, ncol(values))
    all[survey$at, ] <- values
    values <- all
  }
  unname(as.matrix(stats::vcov(survey::svytotal(unname(values), survey$design))))
}
