#!/bin/bash
# Rows from PostgreSQL (by RPostgres) and from DuckDB (by its ADBC driver and adbi), against the
# same rows in a data frame. Root only, and only on a Debian machine (x86-64) that may be changed:
# packages are installed, R's into a library of the tests' own, which stays for the next time.
#
#   FASTLOGIT_DATABASE_TESTS=1 tests/databases/run.sh [postgres] [duckdb]
#
# R has to find fastlogit (set R_LIBS). Prints a line for each check; the exit status is 1 where one
# failed.
set -u
if [ "${FASTLOGIT_DATABASE_TESTS:-}" != 1 ]; then
  echo "skipped: set FASTLOGIT_DATABASE_TESTS=1 to run the tests with databases"
  exit 0
fi
here=$(cd "$(dirname "$0")" && pwd)
. "$here/servers.sh"
export TZ=UTC  # else RPostgres asks systemd, which may not be there

install_packages && install_r_packages && fetch_duckdb || exit 1
trap drop_databases EXIT
raise_postgres || { cat "$FD_FOLDER/postgres.log"; exit 1; }

failed=0
for database in ${@:-postgres duckdb}; do
  echo "== $database"
  timeout 900 Rscript "$here/checks.R" "$database" || failed=1
done
[ $failed = 0 ] && echo "all passed" || echo "FAILED"
exit $failed
