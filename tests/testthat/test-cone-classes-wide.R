# Many classes of many coefficients, none of whose demands can be stored.

# Megabytes of the largest vector that R makes meanwhile: what garbage lies about changes nothing.
largest_object_in <- function(expr) {
  file <- withr::local_tempfile()
  utils::Rprofmem(file, threshold = 1e5)
  withr::defer(utils::Rprofmem(NULL))
  force(expr)
  utils::Rprofmem(NULL)
  made <- grep("^[0-9]+ :", readLines(file), value = TRUE)
  max(as.numeric(sub(" :.*", "", made))) / 1e6
}

test_that("few demands are stored, whatever the number of rows", {
  skip_if_not(capabilities("profmem"))
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
    largest <- largest_object_in({
      found <- cone_of_classes(d$x, d$observed, function() d$estimate)
    })
    expect_identical(sum(found$apart[, 1:19]), sum(d$observed[, 20]) * 19L)
    expect_lt(nrow(found$demands), 12000)
    # All demands of 8000 rows are 152000 rows of 190 columns: 35 MB without their zeros.
    expect_lt(largest, 4)
  }
})
