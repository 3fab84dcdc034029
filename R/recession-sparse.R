# What recession-wide.R asks of sparse matrices.

# With a largest entry of 1 in size.
scaled_rows <- function(rows) {
  entries <- methods::as(rows, "TsparseMatrix")
  largest <- numeric(nrow(rows))
  sorted <- order(abs(entries@x))
  largest[entries@i[sorted] + 1L] <- abs(entries@x)[sorted]
  entries@x <- entries@x / largest[entries@i + 1L]
  as_compressed(entries)
}

# As distinct_rows().
distinct_sparse_rows <- function(rows, demand) {
  key <- complex(
    real = signif(as.vector(rows %*% sin(seq_len(ncol(rows)))), 10L), imaginary = demand
  )
  first <- match(key, key)
  differs <- Matrix::rowSums(rows != rows[first, , drop = FALSE]) > 0
  first[differs] <- which(differs)
  kinds <- unique(first)
  list(first = kinds, number = match(first, kinds))
}

# For each column the least of all that share rows with it, directly or not.
connected_columns <- function(row, column, columns) {
  part <- seq_len(columns)
  repeat {
    least_of_row <- least_by(part[column], row)
    next_part <- pmin(part, least_by(least_of_row[row], column, columns))
    if (identical(next_part, part)) return(part)
    part <- next_part
  }
}

# The least value of each group; Inf for those without.
least_by <- function(values, group, groups = max(group, 0L)) {
  sorted <- order(group, values)
  first <- sorted[!duplicated(group[sorted])]
  out <- rep(.Machine$integer.max, groups)
  out[group[first]] <- values[first]
  out
}

# The powers of two that bring columns to 1 or less.
column_scale <- function(x) powers_of_two(as_sparse_design(x)$largest)
