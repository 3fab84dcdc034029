# Where a walk through references ends: functions whose values depend on more than their arguments.

# Functions that look up functions, or anything, by names that their first arguments hold; those
# that take code, or names, from anywhere; those that ask for a setting; and those whose value is
# the world's, or the random generator's.
of_functions <- c("do.call", "match.fun", "getFunction")
of_names <- c("get", "get0", "mget", "exists", "dynGet")
of_code <- c(
  "eval", "evalq", "eval.parent", "parse", "str2lang", "str2expression", "source", "sys.source",
  "parent.frame", "sys.function", "sys.frame", "sys.frames", "sys.call", "environment",
  "as.environment", "globalenv", "parent.env", "topenv", "load", "attach", "assign",
  "delayedAssign", "makeActiveBinding", "list2env"
)
of_settings <- c("getOption", "Sys.getenv")
of_world <- c(
  "options", "Sys.time", "Sys.Date", "date", "Sys.info", "Sys.getpid", "Sys.setenv", "proc.time",
  "getwd", "tempfile", "tempdir", "commandArgs", "interactive", "file", "gzfile", "url", "pipe",
  "readLines", "readline", "readRDS", "readBin", "scan", "read.table", "read.csv", "read.delim",
  "fread", "dget", "list.files", "dir", "file.exists", "file.info", "file.size", "system",
  "system2", "sample", "sample.int", "runif", "rnorm", "rbinom", "rpois", "rexp", "rgamma", "rbeta",
  "rt", "rchisq", "rcauchy", "rgeom", "rhyper", "rlogis", "rlnorm", "rmultinom", "rnbinom",
  "rweibull", "rsignrank", "rwilcox", "set.seed", "jitter", ".Call", ".External", ".C", ".Fortran"
)

note_text <- function(walk, ...) walk$key <- checksum_of(c(walk$key, ...))

note_unsure <- function(walk, ...) walk$unsure <- unique(c(walk$unsure, paste0(...)))

note_package <- function(walk, package) {
  note_text(walk, "package", package, version_of(package))
}

version_of <- function(package) {
  tryCatch(as.character(utils::packageVersion(package)), error = function(e) "none")
}
