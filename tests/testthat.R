library(testthat)
library(fastlogit)

test_check("fastlogit")
