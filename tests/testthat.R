if (requireNamespace("testthat", quietly = TRUE)) {
  library(testthat)
  library(fastlogit)
  test_check("fastlogit")
}
