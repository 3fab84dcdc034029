# What the columns of files are. A text does not say it, and a chunk shows only what its own values
# are: so that the model does not depend on where chunks begin, they are what all the rows together
# make of them. Where a later chunk asks for a kind that has room for more, reading begins again
# with it; where it is at odds with those before, that is an error.
#
# A kind is the name of a class, or "none" of a column without any value. Of each column a reader
# gives list(values, kind, misfit, inexact):
#   kind      that has room for the values and for the kind that was known
#   misfit    the first value that was of another kind: list(line, text), NULL where nobody can tell
#   inexact   likewise of a whole number that doubles do not hold

# What the user may say of columns, and the kinds that are read for it.
class_kinds <- c(
  character = "character", factor = "character", numeric = "numeric", double = "numeric",
  integer = "integer", logical = "logical", Date = "Date", POSIXct = "POSIXct"
)

# An environment of
#   known      kinds of columns, by name
#   declared   the classes that the user has given, by name
#   columns    those that are read, NULL before the first file
new_kinds <- function(source) {
  kinds <- new.env(parent = emptyenv())
  kinds$declared <- source$classes
  kinds$known <- c(
    stats::setNames(class_kinds[source$classes], names(source$classes)), source$kinds
  )
  kinds
}

known_kinds <- function(kinds, columns) {
  known <- unname(kinds$known[columns])
  ifelse(is.na(known), "none", known)
}

check_classes <- function(classes) {
  if (is.null(classes)) return(invisible())
  named <- is.character(classes) && !is.null(names(classes)) && all(nzchar(names(classes)))
  check_that(named, classes, "`colClasses` must be classes by the names of columns")
  unknown <- setdiff(classes, names(class_kinds))
  if (length(unknown)) {
    input_error("`colClasses` may be ", enumerated(paste0("\"", names(class_kinds), "\"")),
      ": found ", listed(paste0("\"", unknown, "\"")), ".")
  }
}

check_declared <- function(kinds, names, path) {
  missing <- setdiff(names(kinds$declared), names)
  if (length(missing) == 0L) return(invisible())
  file_error(path, " has no column ", quoted(missing), ", of which `colClasses` gives the class.")
}

# The chunk as a data frame, with the kinds of its columns as an attribute.
agreed_chunk <- function(found, kinds, path) {
  wider <- character()
  for (name in names(found)) {
    column <- found[[name]]
    known <- kinds$known[name]
    check_exact(column, name, kinds, path)
    if (is.na(known)) {
      kinds$known[name] <- column$kind
    } else if (column$kind != known) {
      if (!is_wider(column$kind, known) || name %in% names(kinds$declared)) {
        kind_error(column, name, kinds, path)
      }
      wider[name] <- column$kind
    }
  }
  if (length(wider)) reread_error(wider, quoted(names(wider)), " of ", basename(path))
  chunk <- lapply(found, `[[`, "values")
  factors <- names(which(kinds$declared == "factor"))
  for (name in intersect(names(chunk), factors)) chunk[[name]] <- factor(chunk[[name]])
  structure(
    chunk, class = "data.frame", row.names = .set_row_names(length(chunk[[1L]])),
    kinds = kinds$known[names(chunk)]
  )
}

# Is what was read before to be read again? Of a factor and a character only the levels remain.
is_wider <- function(kind, known) {
  known == "none" | (known == "integer" & kind == "numeric") |
    (known == "factor" & kind == "character")
}

kind_error <- function(column, name, kinds, path) {
  place <- column$misfit
  at <- if (!is.null(place)) {
    line <- format(place$line, scientific = FALSE)
    paste0("line ", line, " (\"", shortened(place$text, 40L), "\")")
  } else {
    "a later part"
  }
  if (name %in% names(kinds$declared)) {
    file_error(path, ": column `", name, "` is to be ", kinds$declared[[name]],
      " by `colClasses`, and is not in ", at, ".")
  }
  file_error(path, ": column `", name, "` is ", kinds$known[[name]], " in the rows before and not ",
    "in ", at, ": say which by `colClasses = c(", name, " = \"...\")`.")
}

# Neighbours would become one, as levels of a factor.
check_exact <- function(column, name, kinds, path) {
  if (is.null(column$inexact) || column$kind == "character") return(invisible())
  if (name %in% names(kinds$declared)) return(invisible())
  file_error(path, ": column `", name, "` has whole numbers of more digits than a number holds (",
    column$inexact$text, "): by `colClasses = c(", name, " = \"numeric\")` they are rounded",
    if (is_parquet(path)) "" else ", by \"character\" they are kept as texts", "."
  )
}

different_kinds <- function(name) {
  input_error("column `", name, "` is of different kinds in the files of the source: say which by ",
    "`colClasses = c(", name, " = \"...\")`.")
}

# read(source), from the start again with wider kinds as long as there are any.
with_agreed_kinds <- function(source, read) {
  repeat {
    answer <- tryCatch(read(source), fastlogit_reread = function(e) e)
    if (!inherits(answer, "fastlogit_reread")) return(answer)
    source <- with_kinds(source, answer$kinds)
  }
}

with_kinds <- function(source, kinds) {
  source$kinds[names(kinds)] <- kinds
  source
}

# The kinds that have room for those of all parts of a source, where some part has others.
wider_kinds <- function(parts) {
  parts <- Filter(Negate(is.null), parts)
  together <- character()
  for (name in unique(unlist(lapply(parts, names)))) {
    found <- unique(unlist(lapply(parts, function(part) unname(part[name]))))
    if (length(found) < 2L) next
    if (anyNA(found)) different_columns()
    widest <- Filter(function(kind) all(kind == found | is_wider(kind, found)), found)
    if (length(widest) != 1L) different_kinds(name)
    together[name] <- widest
  }
  together
}

# An error that names a file.
file_error <- function(path, ...) input_error(basename(path), ..., class = "fastlogit_file_error")

is_parquet <- function(paths) grepl("[.]parquet$", paths, ignore.case = TRUE)

different_columns <- function() input_error("the partitions of the source have different columns.")
