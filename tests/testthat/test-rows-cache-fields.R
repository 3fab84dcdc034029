test_that("values come back as they were", {
  latin <- "\xe9"
  Encoding(latin) <- "latin1"
  values <- list(
    1:3, c(x = pi, y = NA, z = NaN), c(-0, Inf, -Inf, 5e-324, 0.1 + 0.2), NULL,
    c("\u00e9", NA, "", "a b"), c(latin, "\u00e9", "\xff\xfe"), list(TRUE, NA, list()), character(),
    stats::setNames("a", "\u00fc"), list(a = list(b = list(c = 1L)))
  )
  for (value in values) {
    back <- unpack_fields(pack_fields(value))
    expect_identical(back, value)
    if (is.character(value)) expect_identical(Encoding(back), Encoding(value))
  }
  expect_identical(1 / unpack_fields(pack_fields(-0)), -Inf)
})

test_that("classes and attributes are left behind", {
  expect_identical(unpack_fields(pack_fields(structure(1, class = "x", a = 2))), 1)
  expect_identical(unpack_fields(pack_fields(factor("a"))), 1L)
})

test_that("bytes that are no values are an error, and reserve no memory", {
  bytes <- pack_fields(list(a = 1:3, b = c(x = "u", y = NA), c = list(2, TRUE, NULL)))
  set.seed(5)
  sound <- vapply(1:5000, function(i) {
    at <- sample(length(bytes), sample(3, 1))
    changed <- replace(bytes, at, as.raw(sample(0:255, length(at), TRUE)))
    if (i %% 3 == 0) changed <- changed[seq_len(sample(length(bytes), 1))]
    value <- tryCatch(unpack_fields(changed), fastlogit_unreadable = function(e) NULL)
    typeof(value) %in% field_types
  }, NA)
  expect_true(all(sound))
  head <- function(type, length) c(as.raw(c(type, 0)), writeBin(length, raw()))
  for (type in 1:6) {
    for (length in c(1, 2^31 - 1, 2^31, 2^62, 1e300, -1, 0.5, NaN, Inf)) {
      expect_error(unpack_fields(head(type, length)), class = "fastlogit_unreadable")
    }
  }
  expect_error(unpack_fields(c(bytes, as.raw(0))), class = "fastlogit_unreadable")
  expect_error(unpack_fields(raw()), class = "fastlogit_unreadable")
  deep <- Reduce(function(inner, i) list(inner), 1:20, list(1))
  expect_error(unpack_fields(pack_fields(deep)), class = "fastlogit_unreadable")
  words <- c(head(5, 1), writeBin(-7L, raw()), as.raw(1))
  expect_error(unpack_fields(words), class = "fastlogit_unreadable")
})
