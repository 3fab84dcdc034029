# The rooms of the house, as data: what check-architecture.R proves, and what the tables in
# README.md and vignettes/design.Rmd are made of. In each list arrows go up only: a file may call
# what stands in its own room or in those before it.

# files: how the names of the room's files begin, or their names.
r_rooms <- list(
  words = list(
    files = c("conditions", "check"), knows = "how we speak", not = "anything of models"
  ),
  model = list(
    files = c(
      "model", "family", "penalty", "control", "frame", "blueprint", "design"
    ),
    knows = "coding of the response, terms, columns", not = "where rows are"
  ),
  source = list(files = "source", knows = "where rows come from", not = "the model, $\\beta$"),
  rows = list(
    files = c("rows", "engine"),
    knows = "how to answer for rows in memory, in files, with workers",
    not = "likelihoods"
  ),
  solve = list(
    files = c("start", "solve", "cone", "separation"), knows = "a problem, to a solution",
    not = "R objects of the user"
  ),
  object = list(files = "object", knows = "what a `glm` or a `multinom` holds",
    not = "how it was computed"),
  fit = list(files = c("fit", "report"), knows = "the order of the steps",
    not = "formulas of any step"),
  methods = list(files = "methods", knows = "the object and its rows", not = "the solver"),
  pictures = list(files = "plot", knows = "what is drawn, as data, and two ways of drawing it",
    not = "how it was computed"),
  doors = list(
    files = c("fastlogit", "fastmultinom", "fastordinal", "fastclogit"), knows = "arguments",
    not = "everything else"
  )
)

# The rooms of src/, from the border inwards, for the diagram; what each may include is in
# check-architecture.R.
cpp_rooms <- list(
  border = list(knows = "R's names on one side, structs on the other"),
  fit = list(knows = "the ways to a maximum, and profiles"),
  solver = list(knows = "moments, to the next coefficients"),
  penalty = list(knows = "what is added to the log-likelihood"),
  engine = list(knows = "which rows run where"),
  sums = list(knows = "what is added up over rows"),
  family = list(knows = "likelihood, as a function of eta"),
  design = list(knows = "how a row of X is stored"),
  linalg = list(knows = "numbers")
)

room_of_r_file <- function(file) {
  name <- sub("[.]R$", "", basename(file))
  belongs <- vapply(r_rooms, function(room) {
    any(name %in% room$files | startsWith(name, paste0(room$files, "-")))
  }, NA)
  if (sum(belongs) == 1L) names(r_rooms)[belongs] else NA_character_
}

# Lines of code, without comments and blanks.
lines_of_code <- function(files) {
  sum(vapply(files, function(file) {
    lines <- trimws(readLines(file, warn = FALSE, encoding = "UTF-8"))
    sum(nzchar(lines) & !startsWith(lines, "#"))
  }, 0))
}

# The table of rooms, as it stands in the documents; with sizes, as it is printed.
table_of_rooms <- function(folder = "R", sizes = FALSE) {
  files <- list.files(folder, "[.]R$", full.names = TRUE)
  files <- setdiff(files, file.path(folder, "RcppExports.R"))
  room <- vapply(files, room_of_r_file, "")
  row <- function(name) {
    here <- files[room %in% name]
    cells <- c(
      name, paste0("`", r_rooms[[name]]$files, "`", collapse = ", "), r_rooms[[name]]$knows,
      r_rooms[[name]]$not, if (sizes) c(length(here), lines_of_code(here))
    )
    paste0("| ", paste(cells, collapse = " | "), " |")
  }
  heads <- c(
    "room", "files of `R/`", "knows", "must not know", if (sizes) c("files", "lines of code")
  )
  c(
    paste0("| ", paste(heads, collapse = " | "), " |"),
    paste0(strrep("|---", length(heads)), "|"),
    vapply(names(r_rooms), row, "", USE.NAMES = FALSE)
  )
}
