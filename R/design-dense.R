# A dense design: a numeric matrix, read in place by the C++ core.

as_design <- function(x) {
  if (!is.double(x)) storage.mode(x) <- "double"
  list(x = x, largest = check_design(x))
}
