# The contrasts of factors, and how they code the levels.

# As model.matrix() sets them: of each factor or logical variable the name of a function, or a
# matrix.
contrasts_of <- function(variables, levels, terms, contrasts) {
  coded <- !vapply(levels, is.null, NA)
  if (is.null(contrasts) && !any(coded)) return(NULL)
  defaults <- as.character(getOption("contrasts"))
  plain <- is.null(contrasts) && length(defaults) == 2L && !anyNA(defaults) &&
    all(lengths(levels[coded]) > 1L)
  if (!plain) return(contrasts_by_r(variables, levels, terms, contrasts))
  lapply(variables[coded], function(x) attr(x, "contrasts") %||% defaults[1L + is.ordered(x)])
}

# Without terms there is nothing that model.matrix() would make of the columns.
contrasts_by_r <- function(variables, levels, terms, contrasts) {
  prototype <- mapply(prototype_of, variables, levels, SIMPLIFY = FALSE)
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

# The variable without rows.
prototype_of <- function(x, levels) {
  if (is.character(x)) return(factor(character(), levels))
  if (is.logical(x)) return(logical())
  if (is.matrix(x)) x[0L, , drop = FALSE] else x[0L]
}

# Of a factor: a matrix (levels x columns), or where most of that is zero its entries, see
# coding_entries(). Its attribute `columns` is what follows the factor's name in those of the
# columns.
coding_of <- function(x, name, levels, all_levels, contrasts) {
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
  prototype <- factor(character(), levels, ordered = is.ordered(x), exclude = NULL)
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
  coding <- list(
    levels = levels, columns = length(columns), row = row, column = column, value = value
  )
  attr(coding, "columns") <- columns
  coding
}

names_or_numbers <- function(x) {
  if (is.null(colnames(x))) seq_len(ncol(x)) else colnames(x)
}
