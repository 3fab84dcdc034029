test_that("parameters are those of makepredictcall()", {
  d <- data.frame(y = rep(0:1, 500), x = 50 + qnorm(ppoints(1000)) * 3)
  path <- tempfile()
  writer <- cache_writer(path, 1L, 1000)
  writer$append(list(d$x))
  writer$finish(NULL)
  handle <- row_cache(path, keep = FALSE)
  frame <- model.frame(y ~ poly(x, 4) + scale(x) + scale(x, center = FALSE), d)
  expected <- as.list(attr(terms(frame), "predvars"))[-(1:2)]
  calls <- list(quote(poly(x, 4)), quote(scale(x)), quote(scale(x, center = FALSE)))
  found <- with_parameters(calls, handle, rep(1L, 3))
  for (i in 1:3) {
    expect_equal(eval(found[[i]], d), eval(expected[[i]], d), tolerance = 1e-10)
  }
  expect_true(all(vapply(calls, is_basis, NA)))
  for (other in expression(x, log(x), poly(x, 2, raw = TRUE), poly(x, z), scale(x, 1, 2))) {
    expect_false(is_basis(other))
  }
})

test_that("a basis of anything but numbers is refused", {
  d <- source_data()
  s <- source_function(chunks_of(d, 700))
  expect_error(
    fastlogit(y ~ scale(cbind(x, z)), data = s), "scale", class = "fastlogit_input_error"
  )
  expect_error(fastlogit(y ~ poly(x, 2), data = s), "missing", class = "fastlogit_input_error")
})
