# Installs the peers that are missing, by the rules of tools/setup.R: from Debian where R is
# Debian's and we are root, else from CRAN into `library`, where nothing may be put that is already
# installed in an older version: one origin per dependency chain. What cannot be installed is left
# out.

# Installed packages that are too old for what is wanted from CRAN: replacing them is not our
# business.
too_old_for <- function(package) {
  index <- utils::available.packages()
  if (!package %in% rownames(index)) {
    return(character())
  }
  fields <- c("Depends", "Imports", "LinkingTo")
  needed <- tools::package_dependencies(package, index, fields, recursive = TRUE)[[1]]
  chain <- intersect(c(package, needed), rownames(index))
  absent <- chain[!vapply(chain, requireNamespace, NA, quietly = TRUE)]
  lacking <- names(unsatisfied(parse_requirements(index[absent, fields])))
  Filter(function(name) nzchar(system.file(package = name)), lacking)
}

# NULL, or why the package stays away. A compilation that failed is not tried again while the file
# lies in the library that says so.
install_peer <- function(package, library) {
  if (requireNamespace(package, quietly = TRUE)) {
    return(NULL)
  }
  missing <- install_from_debian(parse_requirements(package))
  if (length(missing) == 0) {
    return(NULL)
  }
  use_cran()
  old <- tryCatch(suppressWarnings(too_old_for(package)), error = function(e) character())
  if (length(old) > 0) {
    return(paste("it needs a newer", toString(old)))
  }
  mark <- file.path(library, paste0(package, ".failed"))
  if (!file.exists(mark)) {
    failed <- tryCatch(suppressWarnings(install_from_cran(missing)), error = function(e) missing)
    if (length(failed) == 0) {
      return(NULL)
    }
    file.create(mark)
  }
  paste("could not be installed; to try again, delete", mark)
}

# --- Python ---------------------------------------------------------------------------------------

pythons <- function() {
  candidates <- c(Sys.getenv("PYTHON"), "/usr/bin/python3", Sys.which("python3"))
  unique(candidates[nzchar(candidates) & file.exists(candidates)])
}

has_modules <- function(python) {
  run(python, c("-c", shQuote("import sklearn, statsmodels.api")))$ok
}

# The first Python that has the peers; Debian's is given them if none has.
find_python <- local({
  found <- NULL
  function() {
    if (is.null(found)) found <<- c(Filter(has_modules, pythons()), "")[1]
    found
  }
})

install_python_peers <- function() {
  if (length(Filter(has_modules, pythons())) > 0) {
    return(NULL)
  }
  if (!is_debian_root()) {
    return("no Python with scikit-learn and statsmodels")
  }
  refresh_apt()
  if (!install_system(c("python3-sklearn", "python3-statsmodels"))) "apt-get install failed"
}

# --- programs -------------------------------------------------------------------------------------

# Debian's package has the program's name.
install_program <- function(program) {
  if (nzchar(Sys.which(program))) {
    return(NULL)
  }
  if (is_debian_root()) {
    refresh_apt()
    if (install_system(program)) {
      return(NULL)
    }
  }
  "it is not installed"
}

# --- all ------------------------------------------------------------------------------------------

# What is left out: reasons by the names of packages, "python" for Python's.
install_peers <- function(library) {
  dir.create(library, recursive = TRUE, showWarnings = FALSE)
  # setup.R installs into the first library; the fresh processes look where R_LIBS says.
  .libPaths(c(library, .libPaths()))
  Sys.setenv(R_LIBS = paste(.libPaths(), collapse = .Platform$path.sep))
  needed <- function(what) unique(unlist(lapply(all_peers(), `[[`, what)))
  packages <- setdiff(needed("package"), "fastlogit")
  reasons <- c(
    sapply(packages, install_peer, library = library, simplify = FALSE),
    sapply(needed("program"), install_program, simplify = FALSE),
    list(python = install_python_peers())
  )
  Filter(Negate(is.null), reasons)
}
