# Rows of a source in a file, kept from an earlier call or written now, and as the C++ core reads
# them.

# list(handle, seen). Rows that are kept are known by what their file says of them, as it may be
# that of another session that was quicker.
encoded_rows <- function(source, spec, kind, family, cache) {
  folder <- if (is.null(cache)) tempdir() else private_folder(cache)
  key <- if (!is.null(cache)) cache_key(source, spec, kind)
  path <- if (!is.null(key)) file.path(folder, paste0("fastlogit-", key, ".rows"))
  if (is.null(key) || !file.exists(path)) {
    written <- write_cache(source, spec, kind, family, folder, path, key)
    if (!written$kept) return(list(handle = row_cache(written$path, FALSE), seen = written$seen))
  }
  handle <- row_cache(path, TRUE)
  list(handle = handle, seen = seen_in_notes(handle, key, spec, kind))
}

# path, key: NULL for rows that are not kept.
write_cache <- function(source, spec, kind, family, folder, path, key) {
  progress <- reading_progress(source)
  on.exit(progress$done())
  if (!is.null(path)) remove_old_parts(path)
  encode_source(source, spec, kind, family, list(folder = folder, path = path, key = key),
    progress$rows)
}

# The folder of this name, for nobody else if it has to be made.
private_folder <- function(name) {
  if (!dir.exists(name)) dir.create(name, showWarnings = FALSE, recursive = TRUE, mode = "0700")
  if (!dir.exists(name)) {
    fit_error("fastlogit_cache_error", "the folder \"", name, "\" for `cache` cannot be made.")
  }
  normalizePath(name)
}

# Of the same rows, the same variables, and the same conditions on them. NULL for rows that nobody
# can tell to be the same.
cache_key <- function(source, spec, kind) {
  of_rows <- if (!is.null(spec$code)) fingerprint(source)
  if (!is.null(of_rows)) checksum_of(c(of_rows, spec$code, kind))
}

# Of what the formula and the conditions on rows are made of. NULL, with a warning, where nobody can
# tell what that is.
code_key <- function(spec) {
  walk <- walk_references(items_of_spec(spec))
  if (length(walk$unsure)) {
    warn_not_kept("what the formula gives may depend on ", listed(walk$unsure))
    return(NULL)
  }
  checksum_of(c(
    walk$key, R.version.string, version_of("fastlogit"), Sys.getenv("TZ"), Sys.getlocale()
  ))
}

# core: see core_of_columns().
stored_problem <- function(rows, core, threads, without = NULL) {
  problem <- list(
    cache = cache_file(rows$handle), design = rows$design,
    response = c(
      rows$response$rows, list(offset = rows$offset$columns, base = rows$offset$base)
    ),
    model = core, threads = threads
  )
  problem$leave_out <- flat_direction(without)
  problem
}

# Rows are left out by their linear predictors in the direction of separation.
flat_direction <- function(found) {
  direction <- found$direction
  if (!is.null(direction)) unname(as.vector(if (is.matrix(direction)) t(direction) else direction))
}
