# Rows: where they are, and what is asked of them there. Of all kinds are
#   design, response, offset   what they hold, see design.R and code_response(); of rows that are
#                              stored, what is known of all of them
#   blueprint                  how they were made from variables
#   engine                     the workers that share them, or NULL
# and the answers to
#   problem_of()      the rows as src/problem.h takes them
#   separation_in()   what the data say of infinite estimates
# They know no likelihood: of a model they see what core_model() says.

# model: see model.R. without: a `found` of separation(), whose separated rows are left out. light:
# sparse, if that is less.
problem_of <- function(rows, model, threads = NULL, without = NULL, light = !is.null(without)) {
  UseMethod("problem_of")
}

# source: where the rows come from. spec: what the call says of them, a list of call, formula, env
# and contrasts. options: see fit_model().
ingest_rows <- function(source, spec, model, options) UseMethod("ingest_rows")

release <- function(rows) close_engine(rows$engine)

# How many there are.
count_of <- function(rows) rows$design$rows

# As src/problem.h takes rows in memory.
plain_problem <- function(design, response, offset, core, threads) {
  core["penalty"] <- list(penalty_of_columns(core$penalty, design$names))
  list(
    design = design, response = response_rows(response, offset), model = core, threads = threads
  )
}

# The response as the C++ core reads it.
response_rows <- function(response, offset) {
  list(
    y = response$y, complement = response$complement, category = response$category,
    weights = if (is.null(response$successes) && any(response$weights != 1)) response$weights,
    offset = offset
  )
}

is_stored <- function(fit) !is.null(.subset2(fit, "stored"))
