# How the pages show code, output and pictures. Each vignette sources this first; it defines no
# function that a page uses.
knitr::opts_chunk$set(
  collapse = TRUE, comment = "#>", fig.width = 6.4, fig.height = 3.8, fig.align = "center",
  fig.retina = 1.5, dpi = 96
)
# With the comment sign a line of output has 84 columns.
options(digits = 5, width = 81)

# Messages, warnings and errors at the same width, whatever ends of lines they came with.
local({
  wrapped <- function(hook) {
    force(hook)
    function(x, options) {
      lines <- sub("^#> ?", "", strsplit(x, "\n", fixed = TRUE)[[1]])
      hook(paste0(paste("#>", strwrap(lines, 82), collapse = "\n"), "\n"), options)
    }
  }
  for (kind in c("message", "warning", "error")) {
    do.call(
      knitr::knit_hooks$set,
      stats::setNames(list(wrapped(knitr::knit_hooks$get(kind))), kind)
    )
  }
})
