# Many classes of many coefficients, none of whose demands can be stored.

test_that("few demands are stored, whatever the number of rows", {
  for (n in c(2000, 8000)) {
    d <- with_seed(4, {
      x <- matrix(stats::rnorm(n * 9), n)
      class <- max.col(x %*% matrix(stats::rnorm(9 * 20), 9) - log(-log(stats::runif(n * 20))))
      x[class == 20, 9] <- 9
      list(x = cbind(1, x), observed = outer(class, 1:20, `==`))
    })
    y <- factor(max.col(d$observed))
    rows <- memory_rows(classes_model(), as_design(d$x), y, NULL, NULL, "y")
    d$estimate <- known_or_running(NULL, rows, classes_model())
    invisible(gc(reset = TRUE))
    before <- gc()[2, 2]
    found <- cone_of_classes(d$x, d$observed, function() d$estimate)
    used <- gc()[2, 6] - before
    expect_identical(sum(found$apart[, 1:19]), sum(d$observed[, 20]) * 19L)
    expect_lt(nrow(found$demands), 12000)
    # All demands of 8000 rows are 152000 rows of 190 columns: 35 MB without their zeros.
    expect_lt(used, 60)
  }
})
