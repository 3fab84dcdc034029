# Rscript tools/codemeta.R [--check]
#
# Writes codemeta.json, what machines may know of the package, from DESCRIPTION. With --check it
# only says whether that would change the file: "codemeta: ok", or exit status 1. Needs jsonlite.

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])
setwd(file.path(dirname(gsub("~+~", " ", script, fixed = TRUE)), ".."))

fields <- c(
  "Package", "Title", "Version", "Description", "URL", "BugReports", "Authors@R", "Depends",
  "Imports", "LinkingTo", "Suggests", "SystemRequirements"
)
described <- as.list(gsub("[[:space:]]+", " ", read.dcf("DESCRIPTION", fields)[1, ]))
urls <- strsplit(described$URL, ", ", fixed = TRUE)[[1]]

people <- eval(parse(text = described[["Authors@R"]]), asNamespace("utils"))
people <- lapply(seq_along(people), function(i) {
  list(
    "@type" = "Organization", name = paste(c(people$given[i], people$family[i]), collapse = " "),
    email = people$email[i]
  )
})

# "Rcpp (>= 1.0.10), utils" as a list of names and least versions.
requirements <- function(text) {
  parts <- trimws(unlist(strsplit(text, ",", fixed = TRUE)))
  lapply(parts, function(part) {
    version <- if (grepl("(", part, fixed = TRUE)) gsub("^[^(]*[(]|[)]$", "", part)
    found <- list("@type" = "SoftwareApplication", name = sub("[ (].*$", "", part))
    if (is.null(version)) found else c(found, version = version)
  })
}

system <- strsplit(described$SystemRequirements, ", ", fixed = TRUE)[[1]]
needed <- unlist(described[c("Depends", "Imports", "LinkingTo")], use.names = FALSE)

codemeta <- list(
  "@context" = "https://doi.org/10.5063/schema/codemeta-2.0",
  "@type" = "SoftwareSourceCode",
  identifier = described$Package,
  name = paste0(described$Package, ": ", described$Title),
  description = described$Description,
  version = described$Version,
  license = "https://spdx.org/licenses/MIT",
  codeRepository = urls[1],
  url = urls[2],
  issueTracker = described$BugReports,
  programmingLanguage = list(
    list("@type" = "ComputerLanguage", name = "R", url = "https://www.r-project.org"),
    list("@type" = "ComputerLanguage", name = "C++", version = "17")
  ),
  runtimePlatform = "R",
  author = people,
  maintainer = people,
  softwareRequirements = unique(c(
    requirements(needed),
    lapply(system, function(name) list("@type" = "SoftwareApplication", name = name))
  )),
  softwareSuggestions = requirements(described$Suggests)
)

text <- strsplit(jsonlite::toJSON(codemeta, pretty = TRUE, auto_unbox = TRUE), "\n")[[1]]
file <- "codemeta.json"
if (!"--check" %in% commandArgs(TRUE)) {
  writeLines(text, file)
} else if (!file.exists(file) || !identical(readLines(file), text)) {
  cat("codemeta.json is not what DESCRIPTION says: run Rscript tools/codemeta.R\n")
  quit(status = 1)
}
cat("codemeta: ok\n")
