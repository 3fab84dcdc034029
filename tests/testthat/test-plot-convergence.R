test_that("the iterations are those of the history, on an axis of whole numbers", {
  of <- function(...) as_subject(fastlogit(low ~ age + race, data = births_to_draw(), ...), list())
  plain <- of()
  picture <- convergence_picture(plain)
  expect_equal(picture$data, plain$fit$history)
  points <- Filter(function(layer) layer$kind == "points", picture$panels[[1]]$layers)[[1]]$data
  expect_equal(points$y, plain$fit$history$logLik)
  expect_true(picture$panels[[1]]$x$whole && picture$panels[[2]]$y$log)
  firth <- convergence_picture(of(penalty = "firth"))
  expect_identical(firth$panels[[1]]$y$label, "penalised log-likelihood")
  once <- suppressWarnings(convergence_picture(of(maxit = 1)))
  expect_silent(drawn(draw_pictures(list(once))))
})
