# Factors of many levels, wherever their rows come from: what keeps to a pattern goes together in
# memory, and what cannot has a limit.

# Factors of many levels, of two classes: the information keeps to a pattern, which is that of all
# the rows together, in memory.
is_wide_pattern <- function(design, model, options) {
  model$kind == "binary" && !isFALSE(options$sparse) && is_mostly_zero(design, sparse_by_itself)
}

report_kept_here <- function(how) {
  fit_message(
    "fastlogit_rows_together",
    "the columns are many, and mostly zeros: the information keeps to where it is not zero, which ",
    "takes all rows together in memory, and ", how, " (`sparse = FALSE`: a dense one)."
  )
}

# With its factor and its inverse, a larger dense information takes all memory.
most_dense <- 20000L

# Only two classes have an information that keeps to a pattern.
check_dense_size <- function(model, rows) {
  design <- rows$design
  if (!is_light(design) && is_mostly_zero(design, sparse_by_itself)) check_most_dense(model, rows)
  # Of few coefficients the system need not be asked.
  few <- as.double(length(design$names)) * length(rows$response$levels) <= sparse_by_itself
  if (model$kind == "classes" && !few) check_affordable(rows)
}

check_most_dense <- function(model, rows) {
  design <- rows$design
  count <- coefficient_count(core_model(model, rows$response, design), length(design$names))
  if (count <= most_dense) return(invisible())
  fit_error(
    "fastlogit_too_large",
    "the information of ", count, " coefficients is a dense matrix of ",
    format(8e-9 * count^2, digits = 2L), " GB here, although the columns are mostly zeros: ",
    way_without_dense[[model$kind]]
  )
}

way_without_dense <- c(
  binary = "leave `sparse = FALSE` out, so that a fit keeps to where it is not zero.",
  classes = paste(
    "fit each class against the baseline by fastlogit(), of the rows of these two (Begg and Gray",
    "1984), where levels cost no more than their number; or join levels."
  ),
  ordered = paste(
    "fit the cut-points by fastlogit(), as `y > class` for each, where levels cost no more than",
    "their number; or join levels."
  ),
  strata = "give the factor of many levels to strata(), which costs no more than its rows."
)

# Of many classes the information is a dense matrix, whatever the design is. A machine that promises
# more memory than it has would end the session half way.
check_affordable <- function(rows, free = available_memory()) {
  columns <- length(rows$design$names)
  classes <- length(rows$response$levels) - 1L
  copies <- 4  # the sums of two threads, all of them, and the factor
  needed <- copies * 8 * (as.double(columns) * classes)^2
  if (needed <= free) return(invisible())
  gigabytes <- function(bytes) paste(format(bytes / 1e9, digits = 2L), "GB")
  fit_error(
    "fastlogit_out_of_memory",
    "the information of ", as.double(columns) * classes, " coefficients (", columns, " for each ",
    "of ", classes, " classes) takes ", gigabytes(needed), " with its factor, and ",
    gigabytes(free), " of memory are free: join rare classes, or leave columns out."
  )
}
