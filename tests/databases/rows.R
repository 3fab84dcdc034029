# The rows: as a data frame, and as a table of either database, by the same file of text.

set.seed(11)
n <- 2e5
d <- data.frame(
  id = 3e9 + seq_len(n),                       # too large for 32 bits
  x = round(rnorm(n), 4), z = round(rexp(n), 4), s = sample(-5:5, n, TRUE),
  g = sample(c("a", "b", "c", "d e"), n, TRUE), b = sample(c(TRUE, FALSE), n, TRUE),
  amount = sample(1e6, n, TRUE) / 1000,
  colour = sample(c("red", "green", "blue"), n, TRUE),
  day = as.Date("2020-01-01") + sample(0:364, n, TRUE),
  w = sample(0:3, n, TRUE), o = round(rnorm(n) / 5, 4)
)
d$moment <- as.POSIXct(d$day, tz = "UTC") + 3600 * (seq_len(n) %% 24)
late <- seq_len(n) > 1.5e5
d$g[!late & d$g == "d e"] <- "a"               # a level that most of the ranges lack
eta <- -0.5 + 0.5 * d$x - 0.3 * d$z + 0.4 * (d$g == "c") + 0.3 * d$b + 0.2 * (d$colour == "red")
d$y <- rbinom(n, 1, plogis(eta))
d$outcome <- c("none", "some", "all")[1 + rbinom(n, 2, plogis(eta))]
d$x[sample(n, 500)] <- NA
d$g[sample(n, 500)] <- NA
d$b[sample(n, 500)] <- NA

types <- c(
  id = "bigint", x = "double precision", z = "double precision", s = "smallint", g = "text",
  b = "boolean", amount = "numeric(10,3)", colour = "colour", day = "date", w = "integer",
  o = "double precision", moment = "timestamp", y = "integer", outcome = "varchar(10)"
)

# All the digits, so that the database has the same numbers.
write_text <- function(d, file) {
  fractions <- c("x", "z", "o")
  d[fractions] <- lapply(d[fractions], function(v) ifelse(is.na(v), NA, sprintf("%.17g", v)))
  d$id <- sprintf("%.0f", d$id)
  d$moment <- format(d$moment, "%Y-%m-%d %H:%M:%S")
  write.csv(d[names(types)], file, row.names = FALSE, quote = FALSE)
}

fill_database <- function(connect, file, null) {
  db <- connect()
  on.exit(DBI::dbDisconnect(db))
  run <- function(...) DBI::dbExecute(db, paste0(...))
  run("CREATE TYPE colour AS ENUM ('red', 'green', 'blue')")
  run("CREATE TABLE ads (", paste(names(types), types, collapse = ", "), ")")
  run("COPY ads FROM '", file, "' (FORMAT csv, HEADER true, ", null, " 'NA')")
  run("CREATE VIEW \"my rows\" AS SELECT y, x AS \"x in cm\", g FROM ads")
  invisible()
}
