# The response of chunks: as as_response() and as_class_response() make it of all rows.

# Gathers in seen$response
#   y           the columns of proportions, or of the codes of `dictionary`
#   complement, weights   columns, NULL where there are none
#   n_ok        rows of positive weight, in doubles, as all counts of a source's rows; total,
#               successes: sums of weights, and of weights times y
#   largest_weight, single: see src/core/engine/stored_rows.h
#   trials      the column of their numbers, where these are not the weights or 1
#   saturated   minus twice the log-likelihood of the saturated model; NA where the family's aic()
#               rounds counts, so that it has to be asked at the means
#   entropy, used: of classes, see as_class_response(); which classes have rows of positive weight
encode_response <- function(y, weights, name, seen, coding, family, add) {
  check_has_response(y)
  known <- seen$response
  seen$response <- if (coding == "classes") {
    encode_classes(y, weights, name, known, add)
  } else if (is.factor(y)) {
    encode_two_levels(y, weights, known, add)
  } else {
    encode_proportions(y, weights, name, known, family, add, cases = coding == "cases")
  }
  seen$response$name <- name
}

encode_two_levels <- function(y, weights, known, add) {
  coded <- encode_codes("y", y, weights, known, add)
  # Of outcomes 0 and 1 of whole weights the family's aic() is zero in a saturated model.
  whole <- is.null(weights) || all(weights == round(weights))
  c(coded, list(
    total = sum(coded$by_code), single = TRUE,
    saturated = sum(0, known$saturated, if (!whole) NA_real_)
  ))
}

# The response's codes as the column `field`, and what is known of their rows.
encode_codes <- function(field, y, weights, known, add) {
  coded <- code_with(y, known$dictionary)
  given <- if (is.null(weights)) rep.int(1, length(y)) else as.numeric(weights)
  c(stats::setNames(list(add(coded$codes)), field), list(
    dictionary = coded$dictionary, by_code = weights_by_code(coded, given, known),
    weights = if (!is.null(weights)) add(weights),
    largest_weight = max(known$largest_weight, given), n_ok = sum(0, known$n_ok, given > 0)
  ))
}

# Of each word of the dictionary the sum of weights so far, in this chunk and those before.
weights_by_code <- function(coded, given, known) {
  by_code <- vapply(seq_along(coded$dictionary$words), function(code) {
    sum(given * (coded$codes == code))
  }, 0)
  before <- seq_along(known$by_code)
  by_code[before] <- by_code[before] + known$by_code
  by_code
}

# family$aic() at the observed proportions is that of the saturated model, up to the deviance.
saturated_proportions <- function(made) {
  m <- if (any(made$n > 1)) made$n else made$weights
  whole <- all(abs(m * made$y - round(m * made$y)) < 1e-8 & abs(m - round(m)) < 1e-8)
  if (!whole || any(m <= 0 & made$weights != 0)) return(NA_real_)
  -2 * sum(ifelse(m > 0, made$weights / m, 0) *
             stats::dbinom(round(m * made$y), round(m), made$y, log = TRUE))
}

# cases: of sets, where how many there are matters in rows of weight zero, too.
encode_proportions <- function(y, weights, name, known, family, add, cases = FALSE) {
  made <- as_response(without_names(y), weights, family, name)
  if (cases) made$y <- as_cases(without_names(y), name)
  weighted <- !is.null(weights) || is.matrix(y)
  sure <- !is.null(made$successes) || (is.null(made$complement) && all(made$y == 0 | made$y == 1))
  list(
    y = add(made$y), complement = if (!is.null(made$complement)) add(made$complement),
    weights = if (weighted) add(made$weights),
    largest_weight = max(known$largest_weight, made$weights),
    n_ok = sum(0, known$n_ok, made$weights != 0),
    total = sum(known$total, made$weights),
    successes = sum(known$successes, made$weights * made$y),
    single = sure && !identical(known$single, FALSE),
    saturated = sum(known$saturated, if (weighted || !sure) saturated_proportions(made)),
    logical = is.logical(y), counts = is.matrix(y),
    trials = if (is.matrix(y) && !is.null(weights)) add(made$n)
  )
}

encode_classes <- function(y, weights, name, known, add) {
  if (is.matrix(y) && ncol(y) > 1L) return(encode_class_counts(y, weights, name, known, add))
  numbers <- is.numeric(y) && !is.factor(y)
  coded <- encode_codes("category", as_class_factor(y, name), weights, known, add)
  c(coded, list(numbers = numbers, entropy = 0, single = FALSE))
}

encode_class_counts <- function(y, weights, name, known, add) {
  colnames(y) <- class_names(y, name)
  check_counts(y, name)
  trials <- rowSums(y)
  proportions <- y / ifelse(trials > 0, trials, 1)
  weights <- as.numeric(weights %||% 1) * trials
  terms <- weights * proportions * log(ifelse(proportions > 0, proportions, 1))
  totals <- colSums(weights * proportions)
  list(
    y = add(unname(proportions)), weights = add(weights), classes = colnames(y),
    by_code = if (is.null(known)) totals else known$by_code + totals,
    largest_weight = max(known$largest_weight, weights), n_ok = sum(0, known$n_ok, weights > 0),
    entropy = sum(known$entropy, terms), single = FALSE
  )
}

has_codes <- function(x) is.factor(x) || is.character(x) || (is.logical(x) && !is.matrix(x))

# Codes by a dictionary that grows:
#   words    the levels in the order in which they were met
#   counts   how often
#   sets     the different level sets of a factor's chunks; NULL for characters
code_with <- function(x, known) {
  coded <- if (is.factor(x)) code_levels(x, known$words) else code_words(x, known$words)
  counts <- as.double(tabulate(coded$codes, length(coded$words)))
  counts[seq_along(known$counts)] <- counts[seq_along(known$counts)] + known$counts
  sets <- if (is.factor(x)) unique(c(known$sets, list(levels(x))))
  list(codes = coded$codes, dictionary = list(words = coded$words, counts = counts, sets = sets))
}

code_levels <- function(x, words) {
  words <- union(words, levels(x))
  list(codes = match(levels(x), words)[as.integer(x)], words = words)
}

# Most chunks have no word that those before had not.
code_words <- function(x, words) {
  x <- as.character(x)
  codes <- match(x, words)
  unknown <- is.na(codes)
  if (!any(unknown)) return(list(codes = codes, words = words))
  words <- c(words, unique(x[unknown]))
  list(codes = match(x, words), words = words)
}
