# What average effects and predictions are asked for: variables, values, and what is compared.

# For each variable list(predictor =, values =), NULL where they are not given.
variables_asked <- function(facts, variables) {
  if (is.null(variables)) variables <- predictor_names(facts)
  if (is.character(variables)) {
    variables <- stats::setNames(vector("list", length(variables)), variables)
  }
  if (!is.list(variables) || is.null(names(variables)) || anyNA(names(variables)) ||
        anyDuplicated(names(variables))) {
    input_error(
      "`variables` must be names of predictors, each once, or a named list of values: found ",
      described(variables), "."
    )
  }
  check_predictors(facts, names(variables), "variables")
  Map(function(values, name) {
    predictor <- predictor_of(facts, name, values)
    list(predictor = predictor, values = if (!is.null(values)) check_values(values, predictor))
  }, unname(variables), names(variables))
}

check_values <- function(values, predictor) {
  name <- predictor$name
  if (!is.atomic(values) || length(values) == 0L || anyNA(values) || anyDuplicated(values)) {
    input_error("the values of `", name, "` in `variables` must be given, each once.")
  }
  if (is.null(predictor$levels)) {
    if (!is.numeric(values)) {
      input_error("`", name, "` is a number: its values in `variables` must be, too.")
    }
    check_finite(values, paste0("the values of `", name, "` in `variables`"))
    return(values)
  }
  unknown <- setdiff(as.character(values), predictor$levels)
  if (length(unknown)) {
    input_error(
      "`variables` asks for ", listed(paste0("\"", unknown, "\"")), " of `", name, "`, whose ",
      "levels are ", listed(paste0("\"", predictor$levels, "\""), 10L), "."
    )
  }
  as.character(values)
}

# For each comparison list(term, contrast, high =, low =): changes, NULL for the rows as they are; a
# slope has no `low`.
contrasts_of_variable <- function(asked, facts, fit, newdata, comparison) {
  predictor <- asked$predictor
  values <- if (is.null(asked$values)) predictor$levels else asked$values
  if (is.null(values) && comparison != "difference" && is_indicator(fit, predictor, newdata)) {
    values <- c(0, 1)
  }
  if (is.null(values)) {
    slope <- comparison == "difference"
    change <- number_change(facts, predictor, if (slope) "slope" else "step")
    contrast <- if (slope) "dY/dX" else "+1"
    return(list(list(term = predictor$name, contrast = contrast, high = change, low = NULL)))
  }
  if (length(values) < 2L) {
    input_error("there have to be two values of `", predictor$name, "` or more to be compared.")
  }
  changes <- lapply(values, function(value) value_change(facts, list(setting_of(asked, value))))
  lapply(seq_along(values)[-1L], function(k) {
    list(
      term = predictor$name,
      contrast = contrast_label(format(values[k]), format(values[1L]), comparison),
      high = changes[[k]], low = changes[[1L]]
    )
  })
}

setting_of <- function(asked, value) {
  predictor <- asked$predictor
  known <- is.null(predictor$coded) && !is.null(predictor$levels)
  list(of = predictor, value = if (known) predictor$raw(value) else value)
}

contrast_label <- function(high, low, comparison) {
  switch(comparison,
    difference = paste(high, "-", low), ratio = paste(high, "/", low),
    paste0("odds(", high, ") / odds(", low, ")")
  )
}

changes_of <- function(contrasts) {
  unlist(lapply(contrasts, function(contrast) contrast[c("high", "low")]), recursive = FALSE)
}

# The numbers of a variable in all rows; of a source those that there are.
numbers_of_variable <- function(fit, name, newdata) {
  if (!is.null(newdata)) return(as.double(newdata[[name]]))
  if (!is_stored(fit)) return(as.double(data_of_rows(fit, name)[[1L]]))
  values <- NULL
  blocks_of_source(fit, name, function() values <<- NULL, function(block) {
    values <<- unique(c(values, as.double(block$data[[name]])))
  })
  values
}

# Zero and one, and nothing else.
is_indicator <- function(fit, predictor, newdata) {
  values <- numbers_of_variable(fit, predictor$name, newdata)
  all(values == 0 | values == 1) && any(values == 0) && any(values == 1)
}

values_of_variable <- function(asked, fit, newdata) {
  if (!is.null(asked$values)) return(asked$values)
  if (!is.null(asked$predictor$levels)) return(asked$predictor$levels)
  name <- asked$predictor$name
  values <- as.double(numbers_of_variable(fit, name, newdata))
  if (all(values == 0 | values == 1)) return(c(0, 1))
  if (is_stored(fit) && is.null(newdata)) {
    input_error("give values of `", name, "`, as in `variables = list(", name, " = c(0, 1))`.")
  }
  unique(stats::fivenum(values))
}

# All combinations, the first variable running slowest: `shown`, a data frame, and `each`, for each
# combination the settings.
all_settings <- function(asked, values) {
  if (length(asked) == 0L) return(list(shown = no_groups, each = list(list())))
  at <- rev(expand.grid(rev(lapply(values, seq_along))))
  names <- vapply(asked, function(of) of$predictor$name, "")
  shown <- Map(function(values, at) values[at], values, at)
  list(
    shown = as.data.frame(stats::setNames(shown, names), optional = TRUE),
    each = lapply(seq_len(nrow(at)), function(row) {
      Map(function(of, values) setting_of(of, values[row]), asked, unname(shown))
    })
  )
}
