# testthat's comparisons explain first and decide then: 4 ms for each of tens of thousands of
# expectations, a third of the time of all tests. What holds needs no explanation; what does not
# hold by the same measure, or is of a kind not decided here, goes on to testthat's function of the
# name.

expect_true <- function(object, info = NULL, label = NULL) {
  if (identical(as.vector(object), TRUE)) return(passed(object))
  testthat::expect_true(object, info, label_of(label, substitute(object)))
}

expect_false <- function(object, info = NULL, label = NULL) {
  if (identical(as.vector(object), FALSE)) return(passed(object))
  testthat::expect_false(object, info, label_of(label, substitute(object)))
}

expect_identical <- function(object, expected, info = NULL, label = NULL, expected.label = NULL,
                             ...) {
  if (identical(object, expected)) return(passed(object))
  testthat::expect_identical(
    object, expected, info, label_of(label, substitute(object)),
    label_of(expected.label, substitute(expected)), ...
  )
}

expect_equal <- function(object, expected, ..., tolerance = testthat::testthat_tolerance(),
                         info = NULL, label = NULL, expected.label = NULL) {
  if (holds(object, expected, tolerance)) return(passed(object))
  testthat::expect_equal(
    object, expected, ..., tolerance = tolerance, info = info,
    label = label_of(label, substitute(object)),
    expected.label = label_of(expected.label, substitute(expected))
  )
}

label_of <- function(label, code) if (is.null(label)) deparse1(code) else label

passed <- function(object) {
  expect(TRUE, "")
  invisible(object)
}

# Equal by waldo's measure: the mean difference of numbers, relative to their mean size unless that
# is below the tolerance, in structures with the same attributes.
holds <- function(x, y, tolerance) {
  if (identical(x, y)) return(TRUE)
  comparable <- typeof(x) == typeof(y) && !isS4(x) && (!is.object(x) || is.data.frame(x)) &&
    length(x) == length(y) && identical(attributes(x), attributes(y))
  if (!comparable || is.null(tolerance)) return(FALSE)
  if (is.double(x)) return(numbers_hold(x, y, tolerance))
  is.list(x) && all(mapply(holds, unclass(x), unclass(y), MoreArgs = list(tolerance = tolerance)))
}

numbers_hold <- function(x, y, tolerance) {
  attributes(x) <- attributes(y) <- NULL
  absent <- is.na(x)
  if (!identical(absent, is.na(y))) return(FALSE)
  other <- which(!absent & x != y)
  apart <- mean(abs(x[other] - y[other]))
  size <- mean(abs(y[other]))
  if (is.finite(size) && size > tolerance) apart <- apart / size
  length(other) == 0 || isTRUE(apart < tolerance)
}

# Of printed fits: the decrement at the end is rounding error, which another BLAS makes anew.
without_decrement <- function(lines) sub("decrement [^)]*", "decrement ...", lines)
