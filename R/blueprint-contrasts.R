# The contrasts of factors, and how they code the levels.

# As model.matrix() sets them: of each factor or logical variable the name of a function, or a
# matrix.
contrasts_of <- function(prototype, levels, terms, contrasts) {
  coded <- !vapply(levels, is.null, NA)
  coded[attr(terms, "response")] <- FALSE
  if (is.null(contrasts) && !any(coded)) return(NULL)
  defaults <- as.character(getOption("contrasts"))
  plain <- is.null(contrasts) && length(defaults) == 2L && !anyNA(defaults)
  of_default <- function(x) {
    if (is.factor(x) && nlevels(x) < 2L) plain <<- FALSE
    attr(x, "contrasts") %||% defaults[1L + is.ordered(x)]
  }
  found <- lapply(prototype[coded], of_default)
  if (plain) found else contrasts_by_r(prototype, terms, contrasts)
}

# Without terms there is nothing that model.matrix() would make of the columns.
contrasts_by_r <- function(prototype, terms, contrasts) {
  attributes(prototype) <- list(
    names = names(prototype), class = "data.frame", row.names = integer(), terms = terms
  )
  attr(terms, "factors") <- integer()
  attr(terms, "term.labels") <- character()
  attr(terms, "order") <- integer()
  attr(terms, "intercept") <- 1L
  tryCatch(
    attr(stats::model.matrix(terms, prototype, contrasts), "contrasts"),
    error = function(e) input_error("the contrasts are wrong: ", conditionMessage(e), ".")
  )
}

# Of a factor: a matrix (levels x columns), or where most of that is zero its entries, see
# coding_entries(). Its attribute `columns` is what follows the factor's name in those of the
# columns.
coding_of <- function(prototype, name, levels, all_levels, contrasts) {
  count <- length(levels)
  all <- seq_len(count)
  if (all_levels) return(indicators(all, levels))
  if (is.character(contrasts)) {
    if (contrasts == "contr.treatment") return(indicators(all[-1L], levels))
    if (contrasts == "contr.SAS") return(indicators(all[-count], levels))
    if (contrasts == "contr.sum") {
      rest <- all[-count]
      return(coding_entries(
        count, c(rest, rep.int(count, count - 1L)), c(rest, rest), rep(c(1, -1), each = count - 1L),
        rest
      ))
    }
  }
  prototype <- factor(prototype, levels, ordered = is.ordered(prototype), exclude = NULL)
  attr(prototype, "contrasts") <- contrasts
  coding <- tryCatch(
    as.matrix(stats::contrasts(prototype)),
    error = function(e) wrong_contrasts(name, conditionMessage(e))
  )
  if (!is.numeric(coding) || nrow(coding) != count || !all(is.finite(coding))) {
    wrong_contrasts(name, paste("they must be finite numbers, a row for each of", count, "levels"))
  }
  structure(unname(coding) + 0, columns = names_or_numbers(coding))
}

wrong_contrasts <- function(name, why) {
  input_error("the contrasts of `", name, "` are wrong: ", why, ".")
}

# An indicator of each level that is kept.
indicators <- function(kept, levels) {
  coding_entries(length(levels), kept, seq_along(kept), rep.int(1, length(kept)), levels[kept])
}

coding_entries <- function(levels, row, column, value, columns) {
  structure(
    list(levels = levels, columns = length(columns), row = row, column = column, value = value),
    columns = columns
  )
}

names_or_numbers <- function(x) {
  if (is.null(colnames(x))) seq_len(ncol(x)) else colnames(x)
}
