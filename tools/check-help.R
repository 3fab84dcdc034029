# Rscript tools/check-help.R
#
# Reads the help pages as a user in a console does, and says what is wrong with them:
#   formulas    that show TeX where there is no TeX: without a plain second argument of \eqn
#   citations   "Name (year)" without an entry in the references of the same page
#   parts       pages without a description of their own, a value, or examples
#   overview    public names that ?fastlogit or ?fastlogit-package does not lead to
# Ends with "help: ok", or with the number of findings and exit status 1. Base R only.

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])
setwd(file.path(dirname(gsub("~+~", " ", script, fixed = TRUE)), ".."))

# --- pages ----------------------------------------------------------------------------------------

tags_of <- function(rd) vapply(rd, attr, "", "Rd_tag")

# Some sections as the console shows them, a line for each paragraph.
paragraphs_of <- function(page, tags) {
  shown <- page[tags_of(page) %in% c("\\name", "\\title", tags)]
  attributes(shown) <- attributes(page)
  lines <- utils::capture.output(tools::Rd2txt(
    shown, stages = c("build", "install", "render"), options = list(underline_titles = FALSE)
  ))
  number <- cumsum(lines == "")
  paragraphs <- tapply(trimws(lines), number, paste, collapse = " ")
  paragraphs[-1]  # the title
}

text_of <- function(page, tags) trimws(paste(paragraphs_of(page, tags), collapse = " "))

# All parts of a page with this tag, however deep they are.
parts_of <- function(rd, tags) {
  if (!is.list(rd)) return(list())
  here <- if (isTRUE(attr(rd, "Rd_tag") %in% tags)) list(rd)
  c(here, unlist(lapply(rd, parts_of, tags), recursive = FALSE))
}

plain <- function(rd) paste(unlist(rd), collapse = "")

prose <- c(
  "\\description", "\\details", "\\section", "\\arguments", "\\value", "\\note", "\\seealso",
  "\\format", "\\source"
)

# --- checks: each returns the findings of one page ----------------------------------------------

check_formulas <- function(page) {
  formulas <- parts_of(page, c("\\eqn", "\\deqn"))
  shown <- vapply(formulas, function(formula) plain(formula[[length(formula)]]), "")
  # Of code in quotes, such as c("\t"), backslashes and braces are part.
  text <- gsub("\u2018[^\u2019]*\u2019", "", text_of(page, c(prose, "\\references")))
  tex <- regmatches(text, gregexpr("\\\\[[:alpha:]]+|[_^][{]|[{}]", text))[[1]]
  c(
    sprintf("a formula without plain text: %s", shown[lengths(formulas) < 2]),
    sprintf("TeX in the text: %s", unique(c(grep("[\\{}]", shown, value = TRUE), tex)))
  )
}

# "Hand and Till (2001)", "(Cox 1958; Firth 1993)", "Firth's (1993)", "DeLong et al. (1988)": the
# last name before each year.
citations_in <- function(text) {
  pattern <- "([[:upper:]][[:alpha:]-]+)(['\u2019]s|,? et al[.],?)?,? [(]?((19|20)[0-9]{2})\\b"
  found <- regmatches(text, gregexpr(pattern, text))[[1]]
  unique(sub(pattern, "\\1 \\3", found))
}

check_citations <- function(page) {
  cited <- citations_in(text_of(page, prose))
  cited <- cited[!sub(" .*", "", cited) %in% month.name]
  entries <- paragraphs_of(page, "\\references")
  listed <- vapply(strsplit(cited, " "), function(one) {
    year <- paste0("(", one[2], ")")
    any(grepl(one[1], entries, fixed = TRUE) & grepl(year, entries, fixed = TRUE))
  }, NA)
  sprintf("no reference for %s", cited[!listed])
}

words_of <- function(text) tolower(gsub("[^[:alnum:]]+", " ", text))

check_parts <- function(page) {
  tags <- tags_of(page)
  title <- words_of(plain(page[tags == "\\title"]))
  description <- words_of(sub("^.*?Description: ", "", text_of(page, "\\description"), perl = TRUE))
  called <- "\\usage" %in% tags && !any(plain(page[tags == "\\docType"]) == "data")
  c(
    if (trimws(description) %in% c("", trimws(title)) || startsWith(description, title)) {
      "its description repeats its title"
    },
    if (called && !"\\value" %in% tags) "no value",
    if (!"\\examples" %in% tags) "no examples"
  )
}

# --- the overview --------------------------------------------------------------------------------

links_of <- function(parts) {
  vapply(parts_of(parts, "\\link"), function(link) {
    target <- attr(link, "Rd_option")
    sub("^=", "", if (is.null(target)) plain(link) else plain(target))
  }, "")
}

check_overview <- function(pages) {
  lines <- readLines("NAMESPACE")
  exports <- sub("^export[(](.*)[)]$", "\\1", grep("^export[(]", lines, value = TRUE))
  topics <- vapply(pages, function(page) plain(page[tags_of(page) == "\\name"]), "")
  main <- pages[["fastlogit.Rd"]]
  overview <- pages[["fastlogit-package.Rd"]]
  led <- c("fastlogit", links_of(main[tags_of(main) == "\\seealso"]))
  c(
    sprintf("fastlogit.Rd: its See Also does not name %s", setdiff(exports, led)),
    sprintf("fastlogit-package.Rd: does not name %s", setdiff(
      union(exports, topics), c("fastlogit-package", links_of(overview))
    ))
  )
}

# --- the report ----------------------------------------------------------------------------------

files <- list.files("man", "[.]Rd$", full.names = TRUE)
pages <- stats::setNames(lapply(files, tools::parse_Rd), basename(files))
findings <- unlist(lapply(names(pages), function(name) {
  page <- pages[[name]]
  found <- c(check_formulas(page), check_citations(page), check_parts(page))
  sprintf("%s: %s", name, found)
}))
findings <- c(findings, check_overview(pages))
if (length(findings)) cat(findings, sep = "\n")
bad <- length(findings)
cat("help: ", if (bad == 0) "ok" else paste(bad, "findings"), "\n", sep = "")
quit(status = as.integer(bad > 0))
