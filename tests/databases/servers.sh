# The software, and a PostgreSQL server that listens in a folder of its own only: to be sourced by
# run.sh.
export FD_FOLDER=${FD_FOLDER:-/tmp/fastlogit-databases}
export FD_DUCKDB=$FD_FOLDER/duckdb/package/libduckdb.so
export R_LIBS=${R_LIBS:+$R_LIBS:}$FD_FOLDER/library
export PGPORT=54329

# Compiling R's package duckdb takes hours; the library alone comes with the binding for Node.
duckdb=https://registry.npmjs.org/@duckdb/node-bindings-linux-x64/-
duckdb=$duckdb/node-bindings-linux-x64-1.5.6-r.1.tgz
duckdb_sha512=21772b64913a904a8cd19e30c1d5671811d7fdface4b7dd53cd0300d743f43e1\
6cf386f4e7c41ef78721ac208870d2651bc6375072145387817824315b998dd5

install_packages() {
  local needed="postgresql libpq-dev r-base-dev curl ca-certificates"
  dpkg -s $needed > /dev/null 2>&1 && return
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $needed
}

install_r_packages() {
  mkdir -p "$FD_FOLDER/library"
  Rscript - > "$FD_FOLDER/install.log" 2>&1 <<'SCRIPT' && return
    needed <- c("RPostgres", "adbi", "adbcdrivermanager", "bit64", "mirai", "nnet")
    is_there <- function(package) requireNamespace(package, quietly = TRUE)
    missing <- needed[!vapply(needed, is_there, NA)]
    install.packages(
      missing, file.path(Sys.getenv("FD_FOLDER"), "library"), "https://cloud.r-project.org"
    )
    stopifnot(vapply(needed, is_there, NA))
SCRIPT
  tail "$FD_FOLDER/install.log"
  return 1
}

fetch_duckdb() {
  [ -f "$FD_DUCKDB" ] && return
  mkdir -p "$FD_FOLDER/duckdb"
  curl -fsSL "$duckdb" -o "$FD_FOLDER/duckdb.tgz" || return
  echo "$duckdb_sha512  $FD_FOLDER/duckdb.tgz" | sha512sum -c --quiet || return
  tar -xzf "$FD_FOLDER/duckdb.tgz" -C "$FD_FOLDER/duckdb"
}

# The server refuses to run as root. It is met at a socket in its folder, and by no network.
raise_postgres() {
  postgres_folder=$(mktemp -d /tmp/fastlogit-postgres-XXXXXX)
  export PGHOST=$postgres_folder
  chown postgres: "$postgres_folder"
  as_postgres initdb -D "$postgres_folder/data" -A trust -E UTF8 --locale=C.UTF-8 \
    > "$FD_FOLDER/postgres.log" 2>&1 || return
  as_postgres pg_ctl -D "$postgres_folder/data" -l "$postgres_folder/log" -w \
    -o "-k $postgres_folder -p $PGPORT -c listen_addresses=''" start \
    >> "$FD_FOLDER/postgres.log" 2>&1
}

as_postgres() {
  local command=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)/$1
  shift
  (cd / && runuser -u postgres -- "$command" "$@")
}

drop_databases() {
  rm -f "$FD_FOLDER"/rows.duckdb* "$FD_FOLDER/rows.csv"
  [ -n "${postgres_folder:-}" ] || return
  as_postgres pg_ctl -D "$postgres_folder/data" -m immediate stop > /dev/null 2>&1
  rm -rf "$postgres_folder"
}
