# Points and intervals, one line each, the first on top.

# table: with `estimate`, `conf.low` and `conf.high`. reference: where nothing is.
intervals_picture <- function(table, labels, axis, reference = NULL, log = FALSE, note = NULL) {
  at <- rev(seq_along(labels))
  d <- data.frame(y = at, x = table$estimate, lower = table$conf.low, upper = table$conf.high)
  x <- axis_of(axis, c(d$x, d$lower, d$upper, reference), log = log)
  x$limits <- with_room_for_arrows(x$limits, d, log)
  inside <- is.finite(d$x) & d$x >= x$limits[1L] & d$x <= x$limits[2L]
  layers <- list(
    if (!is.null(reference)) rule_at(v = reference), as_layer("spans", d),
    as_layer("points", d[inside, c("x", "y")], "black")
  )
  panel <- as_panel(
    Filter(Negate(is.null), layers), x, axis_of("", labels = rev(labels)), note = note
  )
  as_picture(list(panel), as.data.frame(table))
}

# Ends that are infinite (of ratios, or zero) need some way to go.
with_room_for_arrows <- function(limits, d, log) {
  if (log) limits <- log(limits)
  room <- 0.1 * diff(limits)
  low <- any(d$lower == (if (log) 0 else -Inf), na.rm = TRUE)
  high <- any(d$upper == Inf, na.rm = TRUE)
  limits <- limits + c(if (low) -room else 0, if (high) room else 0)
  if (log) exp(limits) else limits
}

# The forest of ratios, without the intercept's.
ratios_picture <- function(table) {
  shown <- table[table$term != "(Intercept)" & !is.na(table$estimate), , drop = FALSE]
  if (nrow(shown) == 0L) input_error("there is no ratio to plot but that of the intercept.")
  note <- sub(", p-values.*$", "", attr(table, "footer")[1L])
  if (nrow(shown) > most_intervals) {
    kept <- sort(order(shown$p.value)[seq_len(most_intervals)])
    note <- c(note, paste("The", most_intervals, "of", nrow(shown), "with the least p-values."))
    shown <- shown[kept, , drop = FALSE]
  }
  labels <- if (is.null(shown$class)) shown$term else paste0(shown$class, ": ", shown$term)
  intervals_picture(shown, labels, attr(table, "axis"), reference = 1, log = TRUE, note = note)
}

most_intervals <- 60L

# Profiles take some passes over the rows for each coefficient.
odds_ratios_picture <- function(of) {
  fit <- of$fit
  numbers <- length(flat_values(fit)) * number_of_rows(fit)
  wald <- !is.null(of$vcov) || (numbers > 5e6 && !is_separated(fit))
  table <- if (wald) {
    odds_ratios(fit, of$level, "wald", of$vcov)
  } else {
    odds_ratios(fit, of$level)
  }
  picture <- ratios_picture(table)
  picture$panels[[1L]]$title <- attr(table, "title")
  picture
}

# What tells the rows of a table apart, in a few words.
row_labels <- function(table) {
  known <- c("estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high")
  told <- as.data.frame(table)[setdiff(names(table), known)]
  if (length(told) == 0L) return("all rows")
  words <- Map(function(values, name) {
    values <- if (is.numeric(values)) format(values, trim = TRUE) else as.character(values)
    if (name %in% c("term", "contrast", "class")) values else paste(name, "=", values)
  }, told, names(told))
  first <- if (all(c("term", "contrast") %in% names(told))) {
    list(paste0(words$term, ": ", words$contrast))
  }
  do.call(paste, c(first, words[setdiff(names(words), c("term", "contrast"))], sep = ", "))
}
