test_that("what nobody can follow is named", {
  expect_length(walk_of(quote(x + log(x) + splines::bs(x)))$unsure, 0)
  expect_match(walk_of(quote(get(paste0("a", 1))))$unsure, "get()", fixed = TRUE)
  expect_match(walk_of(quote(x > Sys.time()))$unsure, "Sys.time()", fixed = TRUE)
  expect_match(walk_of(quote(rnorm(3)))$unsure, "rnorm()", fixed = TRUE)
  get <- function(x) x
  expect_length(walk_of(quote(get(x)), environment())$unsure, 0)
  pointer <- methods::new("externalptr")
  compiled <- eval(bquote(function(x) .Call(.(pointer), x)))
  expect_match(walk_of(quote(compiled(x)), environment())$unsure, "compiled code", all = FALSE)
  makeActiveBinding("now", function() 1, environment())
  expect_match(walk_of(quote(x > now), environment())$unsure, "now")
})
