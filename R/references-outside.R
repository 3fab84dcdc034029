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

# What a function of a package does beyond its arguments. Names that are spelt out are followed.
judge_call <- function(walk, name, call, env) {
  first <- if (length(call) > 1L) call[[2L]]
  if (name %in% of_settings && is.character(first)) {
    value <- if (name == "getOption") getOption(first) else Sys.getenv(first)
    return(visit_later(walk, list(item_of(value, env))))
  }
  if (name %in% of_names && is.character(first)) return(look_up(walk, first, env))
  if (name %in% of_functions && (is.character(first) || is.symbol(first))) return(invisible())
  anywhere <- name %in% c(of_code, of_names, of_functions)
  if (anywhere) walk$dynamic <- TRUE
  if (anywhere || name %in% c(of_settings, of_world)) note_unsure(walk, "`", name, "()`")
}
