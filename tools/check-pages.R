# Rscript tools/check-pages.R [folder]
#
# Proves, by reading them, that README.md and the vignettes can be read: lines of code of 84
# columns, links that lead somewhere also outside of a checkout, one stylesheet of enough contrast,
# titles that agree. With the folder of a built site, or of vignettes as HTML, also that each link
# inside of it and each picture is there. Ends with "pages: ok", or says what is wrong with exit
# status 1. Base R.

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])
folder <- commandArgs(trailingOnly = TRUE)
if (length(folder)) folder <- normalizePath(folder, mustWork = TRUE)
setwd(file.path(dirname(gsub("~+~", " ", script, fixed = TRUE)), ".."))
source(file.path("tools", "rooms.R"))

widest_code <- 84
least_contrast <- 4.5
repository <- "https://github.com/fastlogit/fastlogit/blob/main/"
site <- "https://fastlogit.github.io/fastlogit/"

read_text <- function(file) readLines(file, encoding = "UTF-8", warn = FALSE)

vignettes <- list.files("vignettes", "[.]Rmd$", full.names = TRUE)
pages <- lapply(stats::setNames(vignettes, basename(vignettes)), read_text)
readme <- read_text("README.md")

# --- text ----------------------------------------------------------------------------------------

# The first group of a pattern, wherever it occurs.
captured <- function(pattern, text) {
  found <- unlist(regmatches(text, gregexpr(pattern, text, perl = TRUE)))
  sub(paste0("^", pattern, "$"), "\\1", found, perl = TRUE)
}

# Lines of chunks and of blocks of code.
is_code <- function(lines) {
  fence <- startsWith(lines, "```")
  cumsum(fence) %% 2 == 1 & !fence
}

without_code <- function(lines) {
  gsub("`[^`]*`", "", lines[!is_code(lines) & !startsWith(lines, "```")])
}

links_of <- function(lines) {
  captured("\\]\\(([^)]*)\\)", paste(without_code(lines), collapse = "\n"))
}

field_of <- function(lines, pattern) captured(pattern, lines)[1]

# The names that a heading can be linked to by: its own, or what pandoc makes of its words.
anchors_of <- function(lines) {
  headings <- grep("^#+ ", lines[!is_code(lines)], value = TRUE)
  given <- captured("[{]#([a-z0-9-]+)[}]", headings)
  plain <- gsub("[^a-z0-9 _.-]", "", tolower(sub("^#+ ", "", sub("[{].*$", "", headings))))
  c(given, gsub(" +", "-", trimws(plain)))
}

# --- rules ---------------------------------------------------------------------------------------

check_widths <- function(name, lines) {
  header <- cummax(seq_along(lines) * startsWith(lines, "```"))
  hidden <- c(FALSE, grepl("echo = FALSE|include = FALSE", lines))[header + 1]
  wide <- which(is_code(lines) & !hidden & nchar(lines) > widest_code)
  if (length(wide)) sprintf("%s:%d is wider than %d columns", name, wide, widest_code)
}

check_header <- function(name, lines) {
  title <- field_of(lines, "^title: \"(.*)\"")
  entry <- field_of(lines, "%\\\\VignetteIndexEntry[{](.*)[}]")
  c(
    if (!identical(title, entry)) sprintf("%s: \"%s\" is not \"%s\"", name, title, entry),
    if (!"    css: style.css" %in% lines) paste(name, "has another stylesheet than style.css"),
    if (!"    toc_depth: 3" %in% lines) paste(name, "has contents of another depth than 3"),
    if (!"source(\"setup.R\")" %in% lines) paste(name, "does not source setup.R")
  )
}

# The site's builder converts each page a second time, without MathML, to find its pictures: what
# cannot be shown by signs, fractions and roots above all, is a warning there.
check_formulas <- function(name, lines) {
  found <- grep("\\\\(d?frac|sqrt|binom|over|begin)\\b", lines)
  if (length(found)) sprintf("%s:%d has a formula that is no line of signs", name, found)
}

exists_here <- function(link) file.exists(sub("#.*$", "", sub(repository, "", link, fixed = TRUE)))

check_vignette_links <- function(name, lines) {
  bad <- Filter(function(link) {
    if (startsWith(link, repository)) return(!exists_here(link))
    if (grepl("^[a-z]+://", link)) return(FALSE)
    if (grepl("[.](svg|png)$", link)) return(!file.exists(file.path("vignettes", link)))
    page <- sub("[.]html$", ".Rmd", sub("#.*$", "", link))
    if (page == "") page <- name
    if (!page %in% names(pages)) return(TRUE)
    anchor <- captured("#(.*)$", link)
    length(anchor) > 0 && !anchor %in% anchors_of(pages[[page]])
  }, links_of(lines))
  if (length(bad)) paste0(name, " has a link that leads nowhere: ", bad)
}

# Outside of a checkout only whole addresses work, and the pictures of man/figures.
check_readme_links <- function() {
  bad <- Filter(function(link) {
    if (startsWith(link, "man/figures/")) return(!file.exists(link))
    if (startsWith(link, repository)) return(!exists_here(link))
    article <- captured(paste0("^\\Q", site, "\\Earticles/(.*)[.]html$"), link)
    if (length(article)) return(!paste0(article, ".Rmd") %in% names(pages))
    if (startsWith(link, "#")) return(!substring(link, 2) %in% anchors_of(readme))
    !grepl("^https://", link)
  }, links_of(readme))
  if (length(bad)) paste("README.md has a link that leads nowhere:", bad)
}

check_all_named <- function(where, text) {
  names <- sub("[.]Rmd$", ".html", names(pages))
  missing <- names[!vapply(names, function(name) any(grepl(name, text, fixed = TRUE)), NA)]
  missing <- setdiff(missing, sub("[.]Rmd$", ".html", where))
  if (length(missing)) paste(where, "does not name", missing)
}

# Help pages, pages and README.md say vignette("name").
check_named_vignettes <- function() {
  files <- c(list.files("R", "[.]R$", full.names = TRUE), vignettes, "README.md", "CONTRIBUTING.md")
  named <- unlist(lapply(files, function(file) {
    captured("vignette\\(\"([a-z-]+)\"", read_text(file))
  }))
  missing <- setdiff(named, sub("[.]Rmd$", "", names(pages)))
  if (length(missing)) paste0("there is no vignette(\"", missing, "\")")
}

check_diagram <- function() {
  drawn <- read_text(file.path("vignettes", "rooms.svg"))
  rooms <- c(names(r_rooms), names(cpp_rooms))
  missing <- rooms[!vapply(paste0(">", rooms, "</text>"), function(word) {
    any(grepl(word, drawn, fixed = TRUE))
  }, NA)]
  if (length(missing)) paste("vignettes/rooms.svg lacks", missing, "(run tools/diagrams.R)")
}

# --- contrast, as WCAG 2 defines it --------------------------------------------------------------

luminance <- function(colour) {
  share <- grDevices::col2rgb(colour)[, 1] / 255
  linear <- ifelse(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055)^2.4)
  sum(linear * c(0.2126, 0.7152, 0.0722))
}

contrast <- function(one, other) {
  light <- sort(c(luminance(one), luminance(other)), decreasing = TRUE)
  (light[1] + 0.05) / (light[2] + 0.05)
}

check_contrast <- function(file) {
  lines <- grep("^ *--[a-z-]+: #", read_text(file), value = TRUE)
  colours <- stats::setNames(
    sub("^.*(#[0-9a-f]{6}).*$", "\\1", lines), sub("^ *--([a-z-]+):.*$", "\\1", lines)
  )
  pairs <- expand.grid(
    ink = grep("^ink", names(colours), value = TRUE),
    paper = grep("^paper", names(colours), value = TRUE), stringsAsFactors = FALSE
  )
  ratio <- mapply(contrast, colours[pairs$ink], colours[pairs$paper])
  cat(sprintf("          %s: least contrast %.2f : 1\n", file, min(ratio)))
  low <- ratio < least_contrast
  if (any(low)) sprintf("%s: %s on %s has %.2f : 1", file, pairs$ink, pairs$paper, ratio)[low]
}

# --- pages as HTML -------------------------------------------------------------------------------

unescaped <- function(text) utils::URLdecode(gsub("&amp;", "&", text, fixed = TRUE))

# What a page refers to inside of the folder: as file and anchor.
check_html <- function() {
  files <- list.files(folder, "[.]html$", recursive = TRUE, full.names = TRUE)
  read_page <- function(file) paste(read_text(file), collapse = "\n")
  texts <- lapply(stats::setNames(files, files), read_page)
  anchors <- lapply(texts, function(text) captured("\\b(?:id|name)=\"([^\"]*)\"", text))
  bad <- lapply(files, function(file) {
    links <- unique(captured("\\b(?:href|src)=\"([^\"]*)\"", texts[[file]]))
    own <- startsWith(links, site)
    links[own] <- file.path(folder, substring(links[own], nchar(site) + 1))
    links <- links[!grepl("^([a-z]+:|//|#$|$)", links)]
    wrong <- Filter(function(link) {
      target <- unescaped(sub("[#?].*$", "", link))
      if (target == "") target <- file
      if (!startsWith(target, folder)) target <- file.path(dirname(file), target)
      if (dir.exists(target)) target <- file.path(target, "index.html")
      target <- normalizePath(target, mustWork = FALSE)
      if (!file.exists(target)) return(TRUE)
      anchor <- unescaped(captured("#(.*)$", link))
      length(anchor) > 0 && target %in% files && nzchar(anchor) && !anchor %in% anchors[[target]]
    }, links)
    if (length(wrong)) paste0(sub(folder, "", file, fixed = TRUE), ": ", wrong)
  })
  unlist(bad)
}

# --- run -----------------------------------------------------------------------------------------

violations <- 0
report <- function(rule, found) {
  cat(sprintf("%-8s  %s\n", if (length(found) == 0) "ok" else "VIOLATED", rule))
  if (length(found) > 0) cat(paste0("          ", found, "\n"), sep = "")
  violations <<- violations + length(found)
}

each_page <- function(check) unlist(Map(check, names(pages), pages))

report(sprintf("code of the pages has at most %d columns", widest_code), each_page(check_widths))
report(
  "vignettes have one stylesheet, contents of depth 3, and titles that agree",
  each_page(check_header)
)
report("formulas are lines of signs", each_page(check_formulas))
report("links of the vignettes lead somewhere", each_page(check_vignette_links))
report("links of README.md lead somewhere, outside of a checkout too", check_readme_links())
report("README.md names each vignette", check_all_named("README.md", readme))
report(
  "the first vignette names the others",
  check_all_named("fastlogit.Rmd", pages[["fastlogit.Rmd"]])
)
report("vignettes that are named exist", check_named_vignettes())
report("the diagram has all rooms", check_diagram())
for (file in c("vignettes/style.css", "pkgdown/extra.css")) {
  report(paste("contrast in", file), check_contrast(file))
}
if (length(folder)) report(paste("links and pictures of", folder), check_html())

cat("\npages: ", if (violations == 0) "ok" else paste(violations, "violations"), "\n", sep = "")
quit(status = as.integer(violations > 0))
