# A dense design: a numeric matrix, read in place by the C++ core.

as_design <- function(x) {
  if (is_sparse(x)) return(as_sparse_design(x))
  if (!is.double(x)) storage.mode(x) <- "double"
  list(x = x, largest = check_design(x))
}
