# Convergence: what the iterations did.

convergence_picture <- function(of) {
  data <- as.data.frame(of$fit$history)
  height <- paste0(if (!is.null(of$fit$penalty)) "penalised ", "log-likelihood")
  panels <- list(
    iterations_panel(data$iteration, data$logLik, height, title = "Convergence"),
    iterations_panel(data$iteration, data$decrement, "decrement", log = TRUE)
  )
  as_picture(Filter(function(panel) length(panel$layers) > 0L, panels), data)
}

iterations_panel <- function(x, y, label, title = "", log = FALSE) {
  shown <- is.finite(y) & (!log | y > 0)
  d <- data.frame(x = x, y = y)[shown, ]
  as_panel(
    list(as_layer("line", d), as_layer("points", d)), title = title,
    axis_of("iteration", limits = c(0.7, max(x, 1) + 0.3), whole = TRUE),
    axis_of(label, d$y, log = log)
  )
}
