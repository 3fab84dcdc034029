state_in <- function(file) checkpoint_state(readBin(file, "raw", file.size(file)))

test_that("a checkpoint holds the state after a pass, and a fit goes on from it", {
  d <- source_data()
  s <- source_function(chunks_of(d, 700))
  file <- tempfile()
  whole <- fastlogit(y ~ x + g, data = s, checkpoint = file)
  notes <- state_in(file)
  expect_equal(notes$deviance, deviance(whole), tolerance = 1e-8)
  expect_equal(notes$beta, unname(coef(whole)), tolerance = 1e-6)
  expect_gt(notes$pass, 1)
  expect_false(file.exists(paste0(file, ".part")))
  again <- fastlogit(y ~ x + g, data = s, checkpoint = file)
  expect_equal(coef(again), coef(whole), tolerance = 1e-10)
  expect_lt(again$iter, whole$iter)
  expect_gt(state_in(file)$pass, notes$pass)
  expect_equal(coef(whole), coef(fastlogit(y ~ x + g, data = d)), tolerance = 1e-10)
})

test_that("a fit that was stopped goes on", {
  d <- source_data()
  s <- source_function(chunks_of(d, 700))
  file <- tempfile()
  stopped <- tryCatch(
    with_replaced("write_checkpoint", local({
      write <- write_checkpoint
      function(notes, file) {
        write(notes, file)
        if (notes$pass == 3L) stop("cut")
      }
    }), fastlogit(y ~ x + g, data = s, checkpoint = file)),
    error = conditionMessage
  )
  expect_match(stopped, "cut")
  expect_equal(state_in(file)$pass, 3)
  again <- fastlogit(y ~ x + g, data = s, checkpoint = file)
  expect_equal(coef(again), coef(fastlogit(y ~ x + g, data = d)), tolerance = 1e-10)
})

test_that("a checkpoint of another model, or none at all, is an error that names it", {
  d <- source_data()
  s <- source_function(chunks_of(d, 700))
  file <- tempfile()
  fastlogit(y ~ x, data = s, checkpoint = file)
  expect_error(fastlogit(y ~ z, data = s, checkpoint = file), class = "fastlogit_checkpoint")
  writeLines("no", file)
  expect_error(fastlogit(y ~ x, data = s, checkpoint = file), class = "fastlogit_checkpoint")
})

