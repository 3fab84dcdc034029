# Parameters of bases that depend on all the rows, scale() and poly() of a vector: those that R's
# own code would find, by passes over the column that they are a basis of, which the schema pass has
# kept. Their columns are added to a copy of the cache. As model.frame() has it, all rows are all
# that there are, with those that `subset` and na.action leave out.

# The calls with their parameters, as makepredictcall() would put them in. column: the number of
# each one's column in the cache.
with_parameters <- function(bases, handle, columns) {
  Map(function(call, column) {
    find <- if (function_name(call) == "scale") scale_parameters else poly_parameters
    find(call, handle, column)
  }, bases, columns)
}

# Sums of f(x) over a column.
sum_over <- function(handle, column, f) {
  total <- 0
  for_each_run(handle, function(first, last) {
    x <- stored_columns(handle, column, first, last)[[1L]]
    total <<- total + f(x[!is.na(x)])
  })
  total
}

scale_parameters <- function(call, handle, column) {
  given <- as.list(match.call(base::scale, call))
  n <- sum_over(handle, column, length)
  center <- if (!isFALSE(given$center)) sum_over(handle, column, sum) / n
  squares <- sum_over(handle, column, function(x) sum((x - (center %||% 0))^2))
  scale <- if (!isFALSE(given$scale)) sqrt(squares / max(1, n - 1))
  call$center <- center %||% FALSE
  call$scale <- scale %||% FALSE
  call
}

# By the three-term recursion (Kennedy and Gentle 1980), a pass for each degree.
poly_parameters <- function(call, handle, column) {
  degree <- poly_degree(call)
  alpha <- numeric(degree)
  norm2 <- c(1, sum_over(handle, column, length))
  for (k in seq_len(degree)) {
    moments <- sum_over(handle, column, function(x) {
      p <- monic_polynomial(x, k - 1, alpha, norm2)
      c(sum(x * p^2), sum(p^2))
    })
    alpha[k] <- moments[1L] / moments[2L]
    norm2[k + 2L] <- sum_over(handle, column, function(x) {
      sum(monic_polynomial(x, k, alpha, norm2)^2)
    })
  }
  call$coefs <- list(alpha = alpha, norm2 = norm2)
  call
}

# Of the degree, orthogonal to those below.
monic_polynomial <- function(x, degree, alpha, norm2) {
  before <- 0
  p <- rep.int(1, length(x))
  for (k in seq_len(degree)) {
    after <- (x - alpha[k]) * p - (if (k > 1L) norm2[k + 1L] / norm2[k] else 0) * before
    before <- p
    p <- after
  }
  p
}

# The file of rows at `path` with the columns of the bases added, as another file, and what is seen
# of it; `all`: a file of what they are made of, for all rows; to: see encode_source().
add_bases <- function(seen, path, all, to) {
  bases <- seen$plan$bases
  calls <- with_parameters(bases, row_cache(all, keep = TRUE), seq_along(bases))
  handle <- row_cache(path, keep = TRUE)
  columns <- lapply(bases, function(call) seen$variables[[variable_name(call[[2L]])]]$columns)
  before <- seen$file_columns
  evaluate <- function(name, x) {
    call <- calls[[name]]
    call[[2L]] <- quote(.x)
    eval(call, list(.x = x), environment(seen$plan$terms))
  }
  first <- before
  for (name in names(calls)) {
    width <- NCOL(evaluate(name, 1))
    seen$variables[[name]] <- list(
      kind = "number", largest = numeric(width), columns = first + seq_len(width)
    )
    first <- first + width
  }
  writer <- cache_writer(to$path, first, seen$rows)
  on.exit(writer$abandon())
  for_each_run(handle, function(from, to) {
    old <- stored_columns(handle, seq_len(before), from, to)
    new <- list()
    for (name in names(calls)) {
      values <- as.matrix(evaluate(name, old[[columns[[name]]]]))
      seen$variables[[name]]$largest <<- pmax(
        seen$variables[[name]]$largest, apply(abs(values), 2L, max)
      )
      new <- c(new, lapply(seq_len(ncol(values)), function(j) as.double(values[, j])))
    }
    writer$append(c(old, new))
  })
  seen$parameters <- calls
  seen$file_columns <- first
  writer$finish(if (!is.null(to$key)) notes_of(seen, to$key))
  on.exit()
  seen
}
