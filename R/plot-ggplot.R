# Pictures by package ggplot2: each panel is a plot.

# A plot, or several of them that print as pages.
as_ggplots <- function(pictures) {
  plots <- lapply(unlist(lapply(unname(pictures), `[[`, "panels"), recursive = FALSE), as_ggplot)
  if (length(plots) == 1L) plots[[1L]] else structure(plots, class = "fastlogit_ggplots")
}

as_ggplot <- function(panel) {
  layers <- unlist(lapply(panel$layers, gg_layer, panel), recursive = FALSE)
  scales <- list(gg_scale("x", panel$x), gg_scale("y", panel$y))
  plot <- Reduce(`+`, c(layers, scales, gg_scale_of_groups(panel$groups)), ggplot2::ggplot())
  plot +
    ggplot2::coord_cartesian(panel$x$limits, panel$y$limits, expand = FALSE) +
    ggplot2::labs(
      title = panel$title, subtitle = panel$note, x = panel$x$label, y = panel$y$label
    ) +
    gg_theme(panel)
}

gg_theme <- function(panel) {
  turned <- ggplot2::element_text(angle = 90, hjust = 1, vjust = 0.5)
  ggplot2::theme_bw() + ggplot2::theme(
    panel.grid.minor = ggplot2::element_blank(), aspect.ratio = if (panel$square) 1,
    legend.position = "top", legend.justification = "left",
    legend.margin = ggplot2::margin(), legend.box.margin = ggplot2::margin(b = -6),
    legend.key.height = grid::unit(0.9, "lines"),
    axis.text.x = if (is_turned(panel$x)) turned, plot.title.position = "plot",
    plot.margin = ggplot2::margin(6, 14, 6, 6)
  )
}

# Names below an axis that are too many to stand beside each other.
is_turned <- function(axis) length(axis$labels) > 6L && sum(nchar(axis$labels)) > 40L

in_lines <- function(names) {
  lines <- lapply(strwrap(names, 14L, simplify = FALSE), abridged, 14L)
  vapply(lines, paste, "", collapse = "\n")
}

gg_scale <- function(which, axis) {
  make <- function(kind) {
    getExportedValue("ggplot2", paste("scale", which, kind, sep = "_"))
  }
  if (!is.null(axis$labels)) {
    upright <- which == "x" && !is_turned(axis)
    names <- if (upright) in_lines(axis$labels) else abridged(axis$labels, 30L)
    return(make("continuous")(breaks = seq_along(names), labels = names))
  }
  if (axis$log) return(make("log10")(labels = in_words))
  if (axis$whole) return(make("continuous")(breaks = unique(round(pretty(axis$limits)))))
  make("continuous")()
}

gg_scale_of_groups <- function(groups) {
  if (is.null(groups)) return(NULL)
  look <- look_of_group(seq_along(groups))
  names <- abridged(groups, 28L)
  guide <- ggplot2::guide_legend(ncol = max(1, floor(40 / (max(nchar(names)) + 5))))
  list(
    ggplot2::guides(colour = guide, fill = guide, linetype = guide, shape = guide),
    ggplot2::scale_colour_manual(NULL, values = look$colour, labels = names, drop = FALSE),
    ggplot2::scale_fill_manual(NULL, values = look$colour, labels = names, drop = FALSE),
    ggplot2::scale_linetype_manual(NULL, values = look$line, labels = names, drop = FALSE),
    ggplot2::scale_shape_manual(NULL, values = look$point, labels = names, drop = FALSE)
  )
}

# --- layers ---------------------------------------------------------------------------------------

# A list of layers of ggplot2.
gg_layer <- function(layer, panel) {
  d <- layer$data
  if (layer$kind == "rules") return(gg_rules(d, layer$colour))
  if (layer$kind == "spans") return(gg_spans(d, panel$x, layer))
  if (!is.null(d$group)) d$group <- factor(panel$groups[d$group], panel$groups)
  switch(layer$kind,
    points = list(gg_geom("point", d, layer, c("x", "y"), size = 2 * (d$size %||% 0.9))),
    line = list(gg_geom("line", d, layer, c("x", "y"))),
    band = list(gg_geom("ribbon", d, layer, c("x", ymin = "lower", ymax = "upper"))),
    ranges = list(gg_geom(
      "segment", d, layer, c("x", xend = "x", y = "lower", yend = "upper"),
      linewidth = 0.35 * (layer$width %||% 2)
    )),
    labels = list(gg_geom(
      "text", d, layer, c("x", "y", "label"), size = 3, hjust = "inward", vjust = -0.6,
      check_overlap = TRUE
    )),
    rug = list(gg_geom("rug", d, layer, "x", sides = "b"))
  )
}

# roles: columns by what they are, "x" for x = "x".
gg_geom <- function(name, d, layer, roles, ...) {
  if (is.null(names(roles))) names(roles) <- roles
  unnamed <- names(roles) == ""
  names(roles)[unnamed] <- roles[unnamed]
  fixed <- list(...)
  look <- if (name == "ribbon") "fill" else "colour"
  if (is.null(d$group)) {
    fixed[[look]] <- layer$colour
  } else {
    roles <- c(roles, stats::setNames(rep("group", 2L), c("group", look)))
    if (name == "line") roles <- c(roles, linetype = "group")
    if (name == "point") roles <- c(roles, shape = "group")
  }
  if (name == "ribbon") fixed$alpha <- strength_of_bands
  make <- getExportedValue("ggplot2", paste0("geom_", name))
  do.call(make, c(list(data = d, mapping = gg_aes(roles), inherit.aes = FALSE), fixed))
}

gg_aes <- function(roles) do.call(ggplot2::aes, lapply(roles, as.name))

gg_rules <- function(d, colour) {
  rule <- function(make, ...) list(make(..., linetype = 2L, colour = colour))
  c(
    if (!is.null(d$slope)) rule(ggplot2::geom_abline, slope = d$slope, intercept = d$intercept),
    if (!is.null(d$h)) rule(ggplot2::geom_hline, yintercept = d$h),
    if (!is.null(d$v)) rule(ggplot2::geom_vline, xintercept = d$v)
  )
}

gg_spans <- function(d, axis, layer) {
  d <- d[!is.na(d$lower) & !is.na(d$upper), , drop = FALSE]
  beyond <- cbind(d$lower < axis$limits[1L], d$upper > axis$limits[2L])
  d$lower <- pmax(d$lower, axis$limits[1L])
  d$upper <- pmin(d$upper, axis$limits[2L])
  ends <- c("neither", "first", "last", "both")[1L + beyond %*% 1:2]
  lapply(split(d, factor(ends, unique(ends))), function(part) {
    end <- ends[match(part$y[1L], d$y)]
    arrow <- if (end != "neither") grid::arrow(ends = end, length = grid::unit(0.08, "inches"))
    gg_geom("segment", part, layer, c("y", x = "lower", xend = "upper", yend = "y"), arrow = arrow)
  })
}

# --- several --------------------------------------------------------------------------------------

#' @export
print.fastlogit_ggplots <- function(x, ...) {
  for (page in in_parts(unclass(x), places_of_page())) {
    grid::grid.newpage()
    draw_plots(page)
  }
  invisible(x)
}

# As ggsave() draws.
#' @exportS3Method grid::grid.draw
grid.draw.fastlogit_ggplots <- function(x, recording = TRUE) {  # nolint: the generic is grid's
  draw_plots(unclass(x))
}

draw_plots <- function(plots) {
  shape <- panel_layout(length(plots))
  grid::pushViewport(grid::viewport(layout = grid::grid.layout(shape[1L], shape[2L])))
  for (k in seq_along(plots)) {
    place <- grid::viewport(
      layout.pos.row = (k - 1L) %/% shape[2L] + 1L, layout.pos.col = (k - 1L) %% shape[2L] + 1L
    )
    print(plots[[k]], vp = place)
  }
  grid::popViewport()
}
