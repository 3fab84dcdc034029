# What one way through the memory of a frame's variables tells: largest numbers, levels, words.

# The largest absolute value of each column of each variable, not finite where one of them is not.
largest_values <- function(variables, rows, threads) largest_impl(variables, rows, threads)

# For each variable of numbers its largest values, of a factor its levels_seen(), of words its
# words_of(), else NULL; NULL in all where a value is missing, or a variable is no vector or matrix
# of so many rows.
known_if_complete <- function(values, rows, threads) {
  numbers <- factors <- words <- logical(length(values))
  for (i in seq_along(values)) {
    x <- values[[i]]
    if (is.null(x) || !is.atomic(x) || NROW(x) != rows || length(dim(x)) > 2L) return(NULL)
    numbers[i] <- is_number_like(x)
    factors[i] <- is_plain_factor(x)
    words[i] <- is.character(x)
    if (!numbers[i] && !factors[i] && !words[i] && anyNA(x)) return(NULL)
  }
  known <- vector("list", length(values))
  known[numbers] <- largest_values(values[numbers], rows, threads)
  if (anyNA(unlist(known))) return(NULL)
  known[words] <- lapply(values[words], words_of)
  known[factors] <- levels_seen(values[factors], threads)
  for (of in known[words]) if (anyNA(of$words)) return(NULL)
  for (of in known[factors]) if (of$missing) return(NULL)
  known
}

# The words as they come, each once, and for each element the number of its word.
words_of <- function(x) words_impl(x)

is_plain_factor <- function(x) is.factor(x) && typeof(x) == "integer"

# Of each factor a list: which of its levels some row has (`seen`), whether codes are missing, and
# whether there are others than those of its levels (`damaged`).
levels_seen <- function(factors, threads = NULL) {
  if (length(factors)) levels_seen_impl(factors, threads) else list()
}
