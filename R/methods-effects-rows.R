# Sums over rows for average effects: of those of the fit, wherever they are, in one pass; or by
# blocks, of new rows, within groups, or where changes add variables to the design.

# A list of groups, each a list of `by`, the values that it shares (a data frame of one row), and
# what means_impl() gives of its rows. plan: see map_changes(), with points and directions. weighted
# by the fit's weights, but for new rows, which count once each.
sums_of_means <- function(fit, facts, plan, newdata, by) {
  if (is.null(newdata) && is.null(by) && length(plan$extra) == 0L) {
    return(list(c(list(by = no_groups), means_of_all(fit, plan))))
  }
  names <- unique(c(by, unlist(lapply(plan$extra, function(wanted) {
    call <- if (wanted$of == 0L) facts$offsets else facts$calls[wanted$of]
    unlist(lapply(call, varying_in, facts = facts))
  }))))
  found <- list2env(list(groups = list()))
  visit <- function(block) add_block(found, fit, facts, plan, block, by)
  if (!is.null(newdata)) {
    visit(block_of_newdata(fit, newdata))
  } else if (is_stored(fit)) {
    blocks_of_source(fit, names, function() found$groups <- list(), visit)
  } else {
    visit(block_in_memory(fit, facts, names))
  }
  in_order(found$groups)
}

no_groups <- data.frame(row.names = 1L)

in_order <- function(groups) {
  by <- do.call(rbind, lapply(groups, `[[`, "by"))
  if (ncol(by) == 0L) return(groups)
  groups[do.call(order, unname(as.list(by)))]
}

means_of_all <- function(fit, plan) {
  rows <- rows_of(fit, fit$threads, sparse = FALSE)
  rows$design <- with_terms(rows$design, plan)
  sums_of_problem(problem_of(rows, model_of_means(fit), fit$threads), plan)
}

sums_of_problem <- function(problem, plan) means_impl(problem, plan$points, plan$directions)

# Penalties are told by the columns of the fit's own design; of ordered classes the mean of each
# takes the predictors of all cuts, and all columns vary if any do (see places_by_cut()).
model_of_means <- function(fit) {
  model <- model_of(fit)
  model["penalty"] <- list(NULL)
  if (!is_ordered_fit(fit)) return(model)
  model$around <- FALSE
  if (length(model$varying)) model$varying <- seq_along(attr(fit$terms, "term.labels"))
  model
}

# To a model of ordered classes columns that are added are of the first term.
with_terms <- function(design, plan) {
  added <- plan$columns - length(design$names)
  design$terms <- c(design$terms, plan$terms)
  design$names <- c(design$names, rep.int("added", added))
  design$assign <- c(design$assign, rep.int(1L, added))
  design
}

# --- blocks ---------------------------------------------------------------------------------------

# A block is a list of
#   frame     the model frame's variables, in their order
#   data      the variables of the data that changes or groups ask for
#   weights   NULL for ones
#   offset    NULL for none
#   rows      how many
# What is computed of them is of no more rows at a time than these.
rows_of_block <- 65536L

# Adds each group's rows to its sums.
add_block <- function(found, fit, facts, plan, block, by) {
  groups <- groups_of_rows(block, by)
  for (k in seq_along(groups$rows)) {
    of_group <- groups$rows[[k]]
    key <- groups$keys[k]
    for (first in seq.int(1L, length(of_group), rows_of_block)) {
      rows <- of_group[seq.int(first, min(length(of_group), first + rows_of_block - 1L))]
      sums <- means_of_block(fit, facts, plan, block, rows)
      known <- found$groups[[key]]
      found$groups[[key]] <- if (is.null(known)) {
        c(list(by = groups$values[k, , drop = FALSE]), sums)
      } else {
        c(known["by"], Map(`+`, known[names(sums)], sums))
      }
    }
  }
}

# A list of keys, values (a data frame, a row for each), and the rows of each.
groups_of_rows <- function(block, by) {
  if (is.null(by)) {
    return(list(keys = "all", values = no_groups, rows = list(seq_len(block$rows))))
  }
  values <- block$data[by]
  code <- Reduce(groups_of_pairs, lapply(values, function(x) match(x, unique(x))))
  first <- which(!duplicated(code))
  values <- as.data.frame(rows_at(values, first), optional = TRUE, stringsAsFactors = FALSE)
  words <- lapply(values, function(x) if (is.double(x)) sprintf("%.17g", x) else as.character(x))
  list(
    keys = do.call(paste, c(unname(words), sep = "\r")), values = values,
    rows = unname(split(seq_along(code), code))
  )
}

means_of_block <- function(fit, facts, plan, block, rows) {
  whole <- length(rows) == block$rows
  at <- function(values) if (whole) values else rows_at(values, rows)
  frame <- structure(at(block$frame), row.names = .set_row_names(length(rows)))
  design <- with_terms(design_from(facts$blueprint, frame, fit$threads), plan)
  extra <- extra_values(facts, plan$extra, at(block$data))
  numbers <- vapply(extra, is.double, NA)
  largest <- vector("list", length(extra))
  of <- vapply(plan$extra[numbers], function(wanted) wanted$of, 0L)
  names <- c("offset", facts$names)[of + 1L]
  largest[numbers] <- check_numbers(extra[numbers], length(rows), fit$threads, names)
  design$variables <- c(design$variables, extra)
  design$largest <- c(unname(design$largest), largest)
  response <- list(
    y = if (facts$predictors == 1L && !is.null(fit$family)) numeric(length(rows)),
    category = if (is.null(fit$family)) integer(length(rows)), complement = NULL,
    weights = if (is.null(block$weights)) rep.int(1, length(rows)) else as.double(at(block$weights))
  )
  core <- core_model(model_of_means(fit), list(y = response$y, levels = fit$lab), design)
  offset <- if (!is.null(block$offset)) at(block$offset)
  sums_of_problem(plain_problem(design, response, offset, core, fit$threads), plan)
}

block_in_memory <- function(fit, facts, names) {
  rows <- rows_of(fit, fit$threads, sparse = FALSE)
  list(
    frame = unclass(rows$frame)[seq_along(facts$calls)],
    data = data_of_rows(fit, names, rows$frame), weights = rows$response$weights,
    offset = rows$offset, rows = rows$design$rows
  )
}

# The variables of the data, for the rows of a fit in memory: those that its call leaves in.
data_of_rows <- function(fit, names, frame = stats::model.frame(fit)) {
  data <- unclass(frame)[intersect(names, names(frame))]
  others <- setdiff(names, names(data))
  if (length(others) == 0L) return(data)
  env <- environment(fit$terms)
  from <- data_of_fit(fit)
  subset <- eval(fit$call$subset, from, env)
  if (is.logical(subset)) subset <- which(subset)
  omitted <- fit$na.action
  data[others] <- lapply(others, function(name) {
    values <- eval(as.name(name), from, env)
    if (!is.null(subset)) values <- values[subset]
    if (length(omitted)) values <- values[-omitted]
    if (NROW(values) == nrow(frame)) return(values)
    input_error(
      "the data of the fit have changed: `", name, "` has ", NROW(values), " values for its ",
      nrow(frame), " rows."
    )
  })
  data
}

# Rows where nothing is missing.
block_of_newdata <- function(fit, newdata, weights = NULL) {
  newdata <- without_long_integers(as.data.frame(newdata, optional = TRUE))
  found <- with_newdata_errors(fit, newdata, stats::na.omit, {
    if (is.null(fit$family)) {
      frame <- class_frame_of_newdata(fit, newdata, stats::na.omit)
      list(frame = frame, offset = class_offset(fit, frame))
    } else {
      frame <- frame_of_newdata(fit, newdata, stats::na.omit)
      list(frame = frame, offset = offset_of_newdata(fit, newdata, frame))
    }
  })
  rows <- nrow(found$frame)
  omitted <- attr(found$frame, "na.action")
  if (length(found$frame) == 0L) rows <- nrow(newdata)
  if (rows == 0L) {
    input_error("`newdata` has no rows", if (length(omitted)) " without missing values", ".")
  }
  if (length(omitted)) newdata <- newdata[-omitted, , drop = FALSE]
  offset <- found$offset
  if (!is.null(offset) && all(offset == 0)) offset <- NULL
  response <- attr(fit$terms, "response")
  frame <- unclass(found$frame)
  frame[["(offset)"]] <- NULL
  list(
    frame = append(frame, list(NULL), response - 1L), data = as.list(newdata),
    weights = if (length(omitted)) weights[-omitted] else weights, offset = offset, rows = rows
  )
}

# The source is read once more, as the rows that are kept are those of the model frame. begin():
# forget what was seen.
blocks_of_source <- function(fit, names, begin, visit) {
  spec <- fit$stored$spec
  wanted <- wanted_columns(spec)
  if (!is.null(wanted)) wanted <- union(wanted, names)
  model <- model_of(fit)
  rows <- 0
  with_agreed_kinds(fit$data, function(source) {
    begin()
    rows <<- 0
    for_each_chunk(source, wanted, function(chunk) {
      row.names(chunk) <- NULL
      frame <- frame_of_chunk(spec, fit$stored$plan, chunk)
      used <- as.integer(row.names(frame))
      if (length(used) == 0L) return()
      rows <<- rows + length(used)
      weights <- weights_of_frame(model, frame)
      visit(block_of_newdata(fit, chunk[used, , drop = FALSE], weights))
    })
  })
  if (rows != fit$stored$design$rows) rows_gone("the source no longer has the rows of the fit.")
}

# Prior weights times the numbers of trials, or NULL.
weights_of_frame <- function(model, frame) {
  weights <- weights_for(model, frame)
  y <- response_for(model, frame)
  if (!is.matrix(y) || ncol(y) < 2L) return(weights)
  if (is.null(weights)) rowSums(y) else weights * rowSums(y)
}
