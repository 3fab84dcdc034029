# Rows from a function, as biglm::bigglm() takes it.

#' @export
open_source.source_function <- function(source, wanted = NULL) {
  source$f(reset = TRUE)
  list(next_chunk = function() source$f(reset = FALSE), close = function() invisible())
}

#' @export
count_rows.source_function <- function(source) NA_real_

#' @export
fingerprint.source_function <- function(source) NULL

#' @export
split_source.source_function <- function(source) list(source)
