# What one way through the memory of variables tells, see describe_variables_impl(): of numbers how
# large they are, of factors which levels there are, of words which and where.

# The words as they come, each once, and for each element the number of its word.
words_of <- function(x) words_impl(x)

is_plain_factor <- function(x) is.factor(x) && typeof(x) == "integer"

# Of each factor a list: which of its levels some row has (`seen`), whether codes are missing, and
# whether there are others than those of its levels (`damaged`).
levels_seen <- function(factors, threads = NULL) {
  if (length(factors)) levels_seen_impl(factors, threads) else list()
}
