# Rscript checks.R postgres|duckdb: rows from the database against the same rows in a data frame.
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1]))
suppressPackageStartupMessages(library(fastlogit))
source(file.path(here, "databases.R"))
source(file.path(here, "rows.R"))

name <- commandArgs(TRUE)[1]
database <- databases[[name]]
connect <- database$connect
file <- file.path(folder, "rows.csv")
write_text(d, file)
unlink(duckdb_file)
fill_database(database$writer, file, database$null)
show_versions(database)

failures <- 0
check <- function(what, passed, ...) {
  cat(sprintf("%-7s %s%s\n", if (isTRUE(passed)) "ok" else "FAILED", what, paste0("", ...)))
  if (!isTRUE(passed)) failures <<- failures + 1
}
distance <- function(a, b) {
  if (!identical(names(a), names(b)) || !identical(is.na(a), is.na(b))) return(Inf)
  max(abs(a - b) / pmax(abs(b), 1), na.rm = TRUE)
}
check_close <- function(what, a, b, limit = 1e-10) {
  far <- distance(a, b)
  check(what, far < limit, sprintf(" (to %.1g)", far))
}

ranges <- 3e9 + c(0, 4e4, 9e4, 1.5e5, n)
by_range <- sprintf(
  "SELECT * FROM ads WHERE id > %.0f AND id <= %.0f ORDER BY id", ranges[-5], ranges[-1]
)
table <- source_dbi(connect, table = "ads")
ordered <- source_dbi(connect, query = "SELECT * FROM ads ORDER BY id;", chunk_rows = 7777)
several <- source_dbi(connect, query = by_range)

# --- columns -------------------------------------------------------------------------------------

read_all <- function(source, wanted = NULL) {
  chunks <- list()
  fastlogit:::for_each_chunk(source, wanted, function(chunk) {
    chunks[[length(chunks) + 1]] <<- chunk
  })
  do.call(rbind, chunks)
}

seen <- read_all(ordered)
expected <- d[names(types)]
for (column in names(types)) {
  a <- seen[[column]]
  b <- expected[[column]]
  same <- if (is.numeric(b)) {
    isTRUE(all.equal(as.numeric(a), as.numeric(b), tolerance = 0))
  } else {
    all(as.character(a) == as.character(b), na.rm = TRUE) && identical(is.na(a), is.na(b))
  }
  check(
    sprintf("%-16s comes as %s", types[[column]], paste(class(a), collapse = ", ")),
    same && is.numeric(a) == is.numeric(b), if (anyNA(b)) sprintf(", with %d NA", sum(is.na(a)))
  )
}

# --- fits ----------------------------------------------------------------------------------------

exact <- glm.control(epsilon = 1e-14, maxit = 50)
# call: of glm(), without family and data.
check_fit <- function(what, call) {
  fit_to <- function(data, by, ...) {
    call[[1]] <- by
    more <- list(...)
    call[names(more)] <- more
    call$data <- data
    eval(call)
  }
  here <- fit_to(d, quote(fastlogit))
  reference <- fit_to(d, quote(glm), family = quote(binomial()), control = exact)
  for (way in names(ways)) {
    fit <- fit_to(ways[[way]], quote(fastlogit))
    said <- paste0(what, ", ", way, ": ")
    check_close(paste0(said, "as from a data frame"), coef(fit), coef(here))
    check_close(paste0(said, "as by glm()"), coef(fit), coef(reference))
    check_close(paste0(said, "the deviance"), deviance(fit), deviance(reference))
  }
}
ways <- list("a table" = table, "a query" = ordered, "4 queries" = several)

check_fit("numbers, text, a boolean, NULLs", quote(glm(y ~ x * z + g + b)))
check_fit(
  "weights, offset, subset", quote(glm(y ~ x + g, weights = w, offset = o, subset = z > 0.1))
)
check_fit(
  "bigint, numeric, enum, date, timestamp, smallint",
  quote(glm(y ~ I((id - 3e9) / 1e5) + log(amount) + factor(colour, c("red", "green", "blue")) +
    I(as.numeric(day) / 1e4) + cos(as.numeric(moment) / 43200) + s))
)
check_fit("a boolean response, poly()", quote(glm(b ~ poly(z, 2) + colour)))
for (way in names(ways)) {
  check_close(
    paste0("three classes, ", way),
    c(coef(fastmultinom(outcome ~ x + g + amount, data = ways[[way]]))),
    c(coef(fastmultinom(outcome ~ x + g + amount, data = d)))
  )
}

# --- methods -------------------------------------------------------------------------------------

formula <- y ~ x + z + g + b
fit <- fastlogit(formula, data = ordered, na.action = na.exclude)
reference <- glm(formula, binomial(), d, control = exact, na.action = na.exclude)
for (type in c("deviance", "pearson", "working", "response")) {
  there <- unname(residuals(reference, type))
  check_close(paste("residuals,", type), residuals(fit, type), there, 1e-8)
}
check_close("fitted()", fitted(fit), unname(fitted(reference)))
check_close("predict() for new data", predict(fit, d[1:50, ]), predict(reference, d[1:50, ]))
check_close("summary(): standard errors",
  summary(fit)$coefficients[, 2], summary(reference)$coefficients[, 2], 1e-8)

# --- the edges of chunks, and names ---------------------------------------------------------------

few <- fastlogit(y ~ x, data = d[1:2000, ])
few_from <- function(...) coef(fastlogit(y ~ x, data = source_dbi(connect, ...)))
first <- "SELECT y, x FROM ads WHERE id <= 3000002000"
check_close("chunks that divide the rows", few_from(query = first, chunk_rows = 500), coef(few))
check_close("chunks of 3 rows", few_from(query = first, chunk_rows = 3), coef(few))
none <- "SELECT y, x FROM ads WHERE id < 0"
check_close("queries without rows", few_from(query = c(none, first, none)), coef(few))
schema <- DBI::Id(schema = database$schema, table = "ads")
check_close("a table in a schema",
  coef(fastlogit(y ~ z, data = source_dbi(connect, schema))), coef(fastlogit(y ~ z, data = d)))
check_close("a view with spaces in its names",
  unname(coef(fastlogit(y ~ `x in cm` + g, data = source_dbi(connect, "my rows")))),
  unname(coef(fastlogit(y ~ x + g, data = d))))
check("rows are counted", fastlogit:::count_rows(several) == n)

# --- workers -------------------------------------------------------------------------------------

shared <- fastlogit(formula, data = several, workers = 2)
check_close("4 queries, by 2 workers", coef(shared), coef(reference))

# --- errors --------------------------------------------------------------------------------------

check_error <- function(what, pattern, ...) {
  error <- tryCatch(fastlogit(y ~ x, ...), error = identity)
  check(
    what, inherits(error, "fastlogit_error") && grepl(pattern, conditionMessage(error)),
    ":\n        ", gsub("\n", "\n        ", conditionMessage(error))
  )
}
check_error("a missing table", "\"nope\".*\"ads\"", data = source_dbi(connect, "nope"))
check_error("a wrong query", "SELEC y.*syntax", data = source_dbi(connect, query = "SELEC y, x"))
wrong <- sub("ads", "nope", by_range[2])
check_error("a wrong second query", "nope", data = source_dbi(connect, query = c(first, wrong)))
check_error(
  "a wrong query of a worker", "nope", workers = 2,
  data = source_dbi(connect, query = c(first, wrong))
)
late <- "SELECT y, CAST(CASE WHEN id < 3000150000 THEN '1' ELSE 'one' END AS integer) AS x FROM ads"
check_error("a query that fails late", "one", data = source_dbi(connect, query = late))
check_error("no database", "could not open", data = source_dbi(database$nowhere, "ads"))
if (name == "duckdb") {
  strict <- function() open_duckdb(bigint = NULL)
  check_error(
    "adbi at numbers of 64 bits", "id.*integer range", workers = 2,
    data = source_dbi(strict, query = by_range)
  )
}

# --- time and memory -----------------------------------------------------------------------------

for (size in c(1e4, 1e5)) {
  rows <- source_dbi(connect, "ads", chunk_rows = size)
  took <- system.time(read_all(rows, c("y", "x", "z", "g", "b", "colour", "s")))[["elapsed"]]
  cat(sprintf("        %g rows of 7 columns in chunks of %g: %.1f s\n", n, size, took))
}

fit_alone <- function(times) {
  found <- system2("Rscript", c(shQuote(file.path(here, "memory.R")), name, times), stdout = TRUE)
  scan(text = found, quiet = TRUE)
}
once <- fit_alone(1)
again <- fit_alone(10)
check("memory does not grow with the rows", again[2] < 1.15 * once[2], sprintf(
  ": %.0f MB for %.3g rows (%.1f s), %.0f MB for %.3g rows (%.1f s)",
  once[2], once[1], once[3], again[2], again[1], again[3]
))
quit(status = min(failures, 1), save = "no")
