# Rscript tools/properties.R [kind] [first seed] [last seed]
#
# The random problems of tests/testthat/helper-properties*.R, many of them: fits of two classes
# ("binary"), of many ("classes") or with a penalty ("penalised"). Prints how many problems had a
# disagreement, by property, and each of them; ends with status 1 if there are any.
#
# With no argument: 10000 of two classes and 5000 of many and of penalties, which takes some 20
# minutes.

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])
tests <- file.path(dirname(gsub("~+~", " ", script, fixed = TRUE)), "..", "tests", "testthat")

library(testthat)
library(fastlogit)
for (file in list.files(tests, "^helper-.*[.]R$", full.names = TRUE)) source(file)

kinds <- list(
  binary = list(check = disagreements, random = random_problem, count = 10000),
  classes = list(check = class_disagreements, random = random_class_problem, count = 2500),
  penalised = list(check = penalised_disagreements, random = random_penalised_problem, count = 2500)
)

run_kind <- function(name, first = 1, last = kinds[[name]]$count) {
  kind <- kinds[[name]]
  seeds <- seq(first, last)
  found <- do.call(rbind, lapply(seeds, function(seed) {
    if (seed %% 1000 == 0) message(name, ": ", seed, " of ", last)
    kind$check(seed)
  }))
  cat(
    "\n", name, ": ", length(seeds), " problems, ", length(unique(found$seed)),
    " with a disagreement\n", sep = ""
  )
  if (NROW(found) == 0) return(0)
  print(table(found$property))
  for (i in order(found$property, found$seed)) {
    cat(
      "\n", found$property[i], ", seed ", found$seed[i], " (", kind$random(found$seed[i])$label,
      "):\n  ", found$found[i], "\n", sep = ""
    )
  }
  nrow(found)
}

arguments <- commandArgs(trailingOnly = TRUE)
count <- if (length(arguments) == 0) {
  vapply(names(kinds), run_kind, 0)
} else {
  do.call(run_kind, c(list(arguments[1]), as.list(as.numeric(arguments[-1]))))
}
quit(status = if (sum(count) > 0) 1 else 0)
