# What a screen has found, as a table, printed and summed up.

# found: see screen_candidates().
table_of_screen <- function(found, fit, plan, adjust) {
  predictors <- nrow(found$estimate)
  wald <- plan$test == "wald" && predictors == 1L
  statistic <- found$statistic
  if (wald) statistic <- found$estimate[1L, ] / found$std.error[1L, ]
  p_value <- if (wald) {
    2 * stats::pnorm(-abs(statistic))
  } else {
    stats::pchisq(statistic, predictors, lower.tail = FALSE)
  }
  out <- data.frame(
    name = found$names, n = found$rows, mean = found$mean, nonzero = found$nonzero,
    estimates_by_class(found$estimate, "estimate", fit),
    estimates_by_class(found$std.error, "std.error", fit),
    statistic = statistic, p.value = p_value, check.names = FALSE
  )
  if (adjust != "none") out$p.adjusted <- stats::p.adjust(p_value, adjust)
  out$status <- found$status
  out$test <- plan$test
  out$penalty <- found$penalty
  structure(
    as_result_table(out, "fastlogit_screen", title_of_screen(out, fit), NULL, axis = NULL),
    df = predictors, adjust = adjust
  )
}

# A column, or of many classes one for each.
estimates_by_class <- function(values, name, fit) {
  table <- as.data.frame(t(values))
  names(table) <- if (nrow(values) == 1L) name else paste0(name, ".", fit$lab[-1L])
  table
}

title_of_screen <- function(table, fit) {
  paste0(
    "Screen of ", counted(nrow(table), "candidate"), ", each added to ",
    shortened(paste(deparse(stats::formula(fit)), collapse = " "), 60L)
  )
}

title_of_test <- function(x) {
  kind <- c(score = "Rao's score tests", lr = "likelihood ratios", wald = "Wald's tests")
  kind[[x$test[1L]]]
}

#' @rdname screen
#' @param x,object what `screen()` returns.
#' @param most how many candidates are printed: those of the smallest p-values.
#' @param digits how many digits numbers have at least.
#' @export
print.fastlogit_screen <- function(x, most = 6L, digits = max(3L, getOption("digits") - 3L), ...) {
  shown <- utils::head(x[order(x$p.value), , drop = FALSE], most)
  attr(shown, "title") <- attr(x, "title")
  attr(shown, "footer") <- c(
    if (nrow(x) > nrow(shown)) {
      paste0("The ", nrow(shown), " smallest p-values of ", title_of_test(x), ".")
    } else {
      paste0("By ", title_of_test(x), ".")
    },
    told_candidates(x)
  )
  unchanging <- c("test", if (length(unique(x$penalty)) == 1L) "penalty")
  shown <- structure(
    shown[setdiff(names(shown), unchanging)], class = c("fastlogit_table", "data.frame"),
    title = attr(shown, "title"), footer = attr(shown, "footer")
  )
  print(shown, digits = digits)
  invisible(x)
}

# What went wrong, in a line.
told_candidates <- function(x) {
  count <- table(x$status[x$status != "converged"])
  if (!length(count)) return(NULL)
  paste0(
    counted(nrow(x), "candidate"), ", of which ",
    paste(as.vector(count), names(count), collapse = ", "), "."
  )
}

#' @rdname screen
#' @export
summary.fastlogit_screen <- function(object, ...) {
  check_no_unknown()
  known <- object$p.value[!is.na(object$p.value)]
  structure(
    list(
      title = attr(object, "title"), test = title_of_test(object), tests = length(known),
      status = table(object$status), smallest = if (length(known)) min(known) else NA_real_,
      lambda = genomic_control(object), adjust = attr(object, "adjust"),
      below = if (length(known)) sum(known * length(known) <= 0.05) else 0L
    ),
    class = "summary.fastlogit_screen"
  )
}

#' @export
print.summary.fastlogit_screen <- function(x, ...) {
  cat(wrapped(x$title), "", sep = "\n")
  cat(x$tests, " ", x$test, ", of ", counted(sum(x$status), "candidate"), ":\n", sep = "")
  cat(paste0("  ", format(names(x$status)), " ", format(as.vector(x$status)), "\n"), sep = "")
  cat(
    "Smallest p-value: ", format.pval(x$smallest, digits = 3L, eps = 1e-300), "; ", x$below,
    " below Bonferroni's 0.05 / ", x$tests, ".\n", sep = ""
  )
  cat("Genomic-control factor: ", format(x$lambda, digits = 3L), "\n", sep = "")
  invisible(x)
}

# The median of the statistics over what it is where there is nothing to find (Devlin & Roeder
# 1999).
genomic_control <- function(x) {
  df <- attr(x, "df")
  squared <- chi_squared_of_screen(x)
  stats::median(squared, na.rm = TRUE) / stats::qchisq(0.5, df)
}

chi_squared_of_screen <- function(x) {
  if (x$test[1L] == "wald" && attr(x, "df") == 1L) x$statistic^2 else x$statistic
}

#' @exportS3Method generics::tidy
tidy.fastlogit_screen <- function(x, ...) {
  warn_of_unknown()
  out <- as.data.frame(x)
  names(out)[names(out) == "name"] <- "term"
  first <- c(
    "term", grep("^(estimate|std[.]error)", names(out), value = TRUE), "statistic", "p.value"
  )
  out[c(first, setdiff(names(out), first))]
}
