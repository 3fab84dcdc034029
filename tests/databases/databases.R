# How either database is opened. The connections are opened by workers as well.

folder <- Sys.getenv("FD_FOLDER")

open_postgres <- function() {
  DBI::dbConnect(
    RPostgres::Postgres(), host = Sys.getenv("PGHOST"), port = Sys.getenv("PGPORT"),
    user = "postgres", dbname = "postgres"
  )
}

duckdb_file <- file.path(folder, "rows.duckdb")
# Only those who but read may be several processes. Without `bigint`, adbi stops at whole numbers of
# more than 32 bits.
open_duckdb <- function(file = duckdb_file, mode = "READ_ONLY", bigint = "numeric") {
  driver <- adbcdrivermanager::adbc_driver(Sys.getenv("FD_DUCKDB"), "duckdb_adbc_init")
  DBI::dbConnect(adbi::adbi(driver), path = file, access_mode = mode, bigint = bigint)
}

databases <- list(
  postgres = list(
    connect = open_postgres, writer = open_postgres, null = "NULL", schema = "public",
    nowhere = function() DBI::dbConnect(RPostgres::Postgres(), host = "/no such folder"),
    version = "SELECT split_part(version(), ' (', 1)",
    packages = c("RPostgres", "DBI")
  ),
  duckdb = list(
    connect = function() open_duckdb(), writer = function() open_duckdb(mode = "READ_WRITE"),
    nowhere = function() open_duckdb("/no such folder/rows.duckdb"),
    null = "NULLSTR", schema = "main", version = "SELECT 'DuckDB ' || version()",
    packages = c("adbi", "adbcdrivermanager", "nanoarrow", "DBI")
  )
)

show_versions <- function(database) {
  db <- database$connect()
  on.exit(DBI::dbDisconnect(db))
  versions <- vapply(database$packages, function(p) format(packageVersion(p)), "")
  cat(DBI::dbGetQuery(db, database$version)[[1]], "; ", sep = "")
  cat(paste(database$packages, versions, collapse = ", "), "\n", sep = "")
}
