# Rscript tools/check-spelling.R [--write]
#
# Spells help pages, vignettes and pages of text by the dictionary of the package's language
# (DESCRIPTION) and the words of inst/WORDLIST; says which words are in neither, and where. Ends
# with "spelling: ok", or with their number and exit status 1. With --write they go to
# inst/WORDLIST: look at them first. Does nothing where package spelling is not installed.

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])
setwd(file.path(dirname(gsub("~+~", " ", script, fixed = TRUE)), ".."))

if (!requireNamespace("spelling", quietly = TRUE)) {
  cat("spelling: not checked, as package spelling is not installed\n")
  quit(status = 0)
}

language <- sub("-", "_", read.dcf("DESCRIPTION", "Language")[1])
known <- spelling::get_wordlist(".")
pages <- c("CONTRIBUTING.md", "CODE_OF_CONDUCT.md", file.path("bench", "README.md"))
unknown <- list(
  spelling::spell_check_package("."),
  spelling::spell_check_files(pages, ignore = known, lang = language)
)
words <- unique(unlist(lapply(unknown, `[[`, "word")))
if ("--write" %in% commandArgs(TRUE)) {
  writeLines(sort(unique(c(known, words)), method = "radix"), file.path("inst", "WORDLIST"))
  cat("spelling:", length(words), "words written to inst/WORDLIST\n")
  quit(status = 0)
}
for (found in unknown) if (nrow(found)) print(found)
bad <- length(words)
cat("spelling: ", if (bad == 0) "ok" else paste(bad, "unknown words"), "\n", sep = "")
quit(status = as.integer(bad > 0))
