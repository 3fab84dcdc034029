# Effect curves: the average probability with a predictor set to each of its values.

effects_picture <- function(of) {
  fit <- of$fit
  check_averages(fit, NULL, NULL, of$level)
  if (length(of$names()) == 0L) {
    input_error("there is no effect to draw: the model has no predictor of one column.")
  }
  values <- of$predictors()
  facts <- of$facts()
  asked <- effects_asked(of, facts, values$values)
  changes <- unlist(lapply(asked, `[[`, "changes"), recursive = FALSE)
  some <- rows_to_average(of, values, length(changes))
  found <- averages(fit, facts, changes, list(newdata = some, by = NULL), of$vcov)
  tables <- lapply(asked, effect_table, found, of)
  shown <- unlist(lapply(tables, `[`, c("estimate", "conf.low", "conf.high")))
  limits <- pmin(pmax(limits_of(shown), -0.02), 1.02)
  shown <- values$values[vapply(asked, `[[`, "", "name")]
  panels <- Map(effect_panels, tables, asked, shown, list(of), list(limits))
  if (!is.null(some)) {
    note <- paste("averages over", counted(nrow(some), "row"), "of", length(of$rows()$weights))
    panels[[1L]][[1L]]$note <- note
  }
  as_picture(unlist(unname(panels), recursive = FALSE), do.call(rbind, tables))
}

# --- what is asked --------------------------------------------------------------------------------

# Of each predictor; what was not asked for by name may have no effect that can be had.
effects_asked <- function(of, facts, values) {
  asked <- lapply(of$names(), function(name) {
    if (!is.null(of$variables)) return(effect_asked(name, of, facts, values))
    tryCatch(effect_asked(name, of, facts, values), fastlogit_input_error = conditionMessage)
  })
  failed <- vapply(asked, is.character, NA)
  if (all(failed)) input_error(asked[[1L]])
  if (any(failed)) tell_left_out(paste("the effect of", of$names()[failed]), unlist(asked[failed]))
  asked[!failed]
}

# A list of `name`, `levels` (NULL for a number), `partner`, a name or NULL, and for each point the
# value `x`, the number of its level, or itself, the partner's value in words, and its change.
effect_asked <- function(name, of, facts, values) {
  own <- points_of_effect(facts, name, values[[name]], along_range)
  partner <- partner_of_effect(facts, name, values)
  other <- if (!is.null(partner)) {
    points_of_effect(facts, partner, values[[partner]], at_quartiles)
  }
  points <- expand.grid(own = seq_along(own$values), other = seq_along(other$values %||% 1))
  changes <- Map(function(i, j) {
    settings <- list(setting_of(own, own$values[i]), if (j) setting_of(other, other$values[j]))
    value_change(facts, Filter(Negate(is.null), settings))
  }, points$own, if (is.null(other)) 0L else points$other)
  list(
    name = name, partner = partner, levels = own$levels, changes = changes,
    x = if (is.null(own$levels)) own$values[points$own] else points$own,
    group = if (!is.null(other)) points$other,
    groups = if (!is.null(other)) paste(partner, "=", in_words(other$values))
  )
}

# As setting_of() takes it, with the `levels` to show. choose: some of the values of a number.
points_of_effect <- function(facts, name, values, choose) {
  if (!is.numeric(values)) {
    predictor <- predictor_of(facts, name)
    return(list(predictor = predictor, values = predictor$levels, levels = predictor$levels))
  }
  # Levels made of numbers are known at those that came.
  stepped <- any(lengths(facts$blueprint$levels[touched_by(facts, name)]) > 0L)
  few <- length(unique(utils::head(values, 1000L))) <= few_points
  there <- if (stepped || few) sort(unique(as.double(values)))
  predictor <- predictor_of(facts, name, there)
  known <- predictor$levels
  if (!is.null(known)) return(list(predictor = predictor, values = known, levels = known))
  at <- choose(as.double(values), there, stepped)
  list(predictor = predictor, values = at, levels = levels_to_show(at))
}

points_of_effects <- 41L
few_points <- 11L

# there: the different values, in order, NULL where they are many; stepped: no others are known.
along_range <- function(values, there, stepped) {
  if (!is.null(there) && length(there) <= few_points) return(there)
  if (stepped) return(there[unique(round(seq(1, length(there), length.out = points_of_effects)))])
  seq(min(values), max(values), length.out = points_of_effects)
}

at_quartiles <- function(values, there, stepped) {
  if (!is.null(there) && length(there) <= few_values) return(there)
  unique(stats::quantile(values, c(0.25, 0.5, 0.75), type = 1L, names = FALSE))
}

# The predictor that it interacts with, one of few levels or a number; NULL if none does.
partner_of_effect <- function(facts, name, values) {
  own <- touched_by(facts, name)
  of_pieces <- lapply(facts$blueprint$pieces, function(piece) {
    if (any(piece$variables %in% own)) facts$calls[union(piece$variables, own)]
  })
  partners <- intersect(setdiff(unlist(lapply(unlist(of_pieces), all.vars)), name), names(values))
  count <- vapply(partners, function(partner) {
    if (NCOL(values[[partner]]) > 1L) return(Inf)
    length(levels_to_show(values[[partner]]))
  }, 0)
  # Those of levels before numbers.
  partners <- partners[count <= length(palette_of_groups)]
  c(partners[order(count[partners] == 0)], list(NULL))[[1L]]
}

# Enough rows for a picture, each as often as its weight says: NULL for those of the fit, as they
# are.
rows_to_average <- function(of, values, points) {
  weights <- of$rows()$weights
  if (!is.null(values$at)) weights <- weights[values$at]
  most <- max(2000, floor(most_averaged / points))
  if (length(weights) <= most) return(NULL)
  upto <- cumsum(weights)
  at <- findInterval((seq_len(most) - 0.5) * (upto[length(upto)] / most), upto) + 1L
  structure(rows_at(values$values, at), class = "data.frame", row.names = .set_row_names(most))
}

# Rows times points.
most_averaged <- 1e7

# --- what is found --------------------------------------------------------------------------------

# A row for each point and class.
effect_table <- function(asked, found, of) {
  means <- lapply(asked$changes, found$mean)
  classes <- max(1L, length(found$outcomes))
  each <- function(values) rep(values, each = classes)
  estimate <- as.vector(vapply(means, function(mean) as.vector(mean$estimate), numeric(classes)))
  error <- unlist(lapply(means, function(mean) delta_errors(mean$gradient, found)))
  ends <- ends_by_logit(estimate, error, quantile_for(of$level, found$covariance$df))
  number <- is.null(asked$levels)
  table <- data.frame(
    variable = asked$name, x = if (number) each(asked$x) else NA_real_,
    level = if (number) NA_character_ else asked$levels[each(asked$x)],
    group = if (is.null(asked$group)) NA_character_ else asked$groups[each(asked$group)]
  )
  if (!is.null(found$outcomes)) table$class <- rep(found$outcomes, length(means))
  cbind(table, data.frame(
    estimate = estimate, std.error = error, conf.low = ends[, 1L], conf.high = ends[, 2L]
  ))
}

# On the scale of the logit, where nothing is below 0 or above 1. A probability that has rounded to
# one of these stays there.
ends_by_logit <- function(estimate, error, quantile) {
  half <- quantile * error / (estimate * (1 - estimate))
  ends <- stats::plogis(stats::qlogis(estimate) + cbind(-half, half, deparse.level = 0L))
  known <- is.finite(half) | is.na(estimate)
  ends[!known, ] <- estimate[!known]
  ends
}

# Of many classes one for each value of the partner.
effect_panels <- function(table, asked, values, of, limits) {
  two <- !is.null(of$fit$family)
  label <- if (two) probability_told(of$fit) else "probability"
  panel <- function(part, group, groups, title, note = NULL) {
    at <- if (is.null(asked$levels)) part$x else match(part$level, asked$levels)
    as_panel(
      effect_layers(part, at, group, asked, values), title = title, groups = groups,
      axis_of(asked$name, at, asked$levels, whole = all(at == round(at))),
      axis_of(label, limits = limits), note = note
    )
  }
  title <- paste("Effect of", asked$name)
  if (!two) {
    parts <- split(table, factor(table$group, unique(table$group), exclude = NULL))
    return(lapply(unname(parts), function(part) {
      note <- if (!is.na(part$group[1L])) part$group[1L]
      panel(part, match(part$class, of$fit$lab), of$fit$lab, title, note)
    }))
  }
  group <- if (!is.null(asked$group)) match(table$group, asked$groups)
  list(panel(table, group, asked$groups, title))
}

effect_layers <- function(part, at, group, asked, values) {
  x <- at
  curved <- is.null(asked$levels) && length(unique(at)) > few_values
  if (!is.null(group) && !curved) {
    # Beside each other.
    span <- 0.12 * (if (length(unique(at)) > 1L) min(diff(sort(unique(at)))) else 1)
    x <- at + span * (group - (max(group) + 1) / 2) * min(1, 5 / max(group))
  }
  line <- data.frame(x = x, y = part$estimate)
  around <- data.frame(x = x, lower = part$conf.low, upper = part$conf.high)
  line$group <- around$group <- group
  layers <- if (curved) {
    list(as_layer("band", around[!is.na(around$lower), ]), as_layer("line", line))
  } else {
    list(as_layer("ranges", around[!is.na(around$lower), ]), as_layer("points", line))
  }
  if (!is.null(asked$levels) || !is.numeric(values)) return(layers)
  there <- stats::quantile(values, seq(0, 1, 0.02), type = 1L, names = FALSE)
  c(layers, list(as_layer("rug", data.frame(x = unique(there)), "grey40")))
}
