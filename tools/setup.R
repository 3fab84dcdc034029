# The one place that knows how to install what is missing; the other scripts source it. Base R only.
#
# One origin per dependency chain: where R is Debian's (or Ubuntu's) own and we are root, a package
# comes from there if its version suffices, and so do the dependencies of what only CRAN has. What
# is installed already and suffices is never replaced.

checkout <- local({
  sourced <- Filter(Negate(is.null), lapply(sys.frames(), function(frame) frame$ofile))
  normalizePath(file.path(dirname(sourced[[length(sourced)]]), ".."))
})

# --- what is needed ------------------------------------------------------------------------------

# From text as in a DESCRIPTION, such as "Rcpp (>= 1.0.10), knitr", the least versions by package.
parse_requirements <- function(text) {
  text <- trimws(unlist(strsplit(text[!is.na(text)], ",", fixed = TRUE)))
  text <- text[nzchar(text)]
  name <- sub("[[:space:](].*$", "", text)
  bounded <- grepl(">=?[[:space:]]*[0-9]", text)
  version <- rep("0", length(text))
  version[bounded] <- sub(".*>=?[[:space:]]*([0-9.-]+).*", "\\1", text[bounded])
  latest_first <- order(numeric_version(version), decreasing = TRUE)
  requirements <- stats::setNames(version, name)[latest_first]
  requirements[!duplicated(names(requirements)) & names(requirements) != "R"]
}

# The requirements in these fields of our DESCRIPTION, as text for install_missing().
described <- function(fields) {
  values <- read.dcf(file.path(checkout, "DESCRIPTION"), fields = fields)
  as.vector(values[!is.na(values)])
}

unsatisfied <- function(requirements) {
  satisfied <- function(name, version) {
    tryCatch(utils::packageVersion(name) >= version, error = function(e) FALSE)
  }
  requirements[!as.logical(mapply(satisfied, names(requirements), requirements))]
}

# --- Debian --------------------------------------------------------------------------------------

# What a command prints, and whether it worked; one that cannot be run at all has not.
run <- function(command, arguments) {
  output <- tryCatch(
    suppressWarnings(system2(command, arguments, stdout = TRUE, stderr = TRUE)),
    error = function(e) structure(conditionMessage(e), status = 127)
  )
  status <- attr(output, "status")
  list(output = as.character(output), ok = is.null(status) || status == 0)
}

has_apt <- function() nzchar(Sys.which("apt-get")) && nzchar(Sys.which("apt-cache"))

is_debian_root <- function() has_apt() && identical(run("id", "-u")$output, "0")

# An R from elsewhere (say /usr/local) neither sees nor fits the r-cran packages.
is_debian_r <- function() startsWith(normalizePath(R.home()), "/usr/lib/R")

apt_state <- new.env()

# Installs Debian packages (no R names) and says whether that worked.
install_system <- function(packages) {
  result <- run("apt-get", c(
    "install", "--yes", "--quiet", "--no-install-recommends",
    "-o", "DPkg::Lock::Timeout=300", packages
  ))
  if (!result$ok) {
    message("apt-get install failed:\n", paste(utils::tail(result$output, 10), collapse = "\n"))
  }
  result$ok
}

# Whether there is this program, by now.
install_program <- function(program) {
  if (!nzchar(Sys.which(program)) && is_debian_root()) {
    message("Installing with apt-get: ", program)
    refresh_apt()
    install_system(program)
  }
  nzchar(Sys.which(program))
}

refresh_apt <- function() {
  if (isTRUE(apt_state$fresh)) {
    return(invisible())
  }
  Sys.setenv(DEBIAN_FRONTEND = "noninteractive")
  if (!run("apt-get", c("update", "--quiet", "-o", "DPkg::Lock::Timeout=300"))$ok) {
    message("apt-get update failed (no network?); going on with the package lists there are.")
  }
  apt_state$fresh <- TRUE
}

# The upstream versions that apt would install, "" for what it does not have.
debian_versions <- function(names) {
  language <- Sys.getenv("LC_ALL", NA)
  Sys.setenv(LC_ALL = "C")
  on.exit(if (is.na(language)) Sys.unsetenv("LC_ALL") else Sys.setenv(LC_ALL = language))
  deb <- paste0("r-cran-", tolower(names))
  output <- run("apt-cache", c("policy", deb))$output
  packages <- sub(":$", "", grep("^r-cran-.*:$", output, value = TRUE))
  candidates <- sub("^ *Candidate: *", "", grep("^ *Candidate:", output, value = TRUE))
  found <- candidates[match(deb, packages)]
  found[is.na(found) | found == "(none)"] <- ""
  # Without Debian's epoch, suffix and revision: of 1:1.5-3+dfsg-2 the version 1.5-3.
  sub("[+~].*$", "", sub("-[^-]*$", "", sub("^[0-9]+:", "", found)))
}

# Each of these takes requirements and returns those that it could not meet.
install_from_debian <- function(missing) {
  if (length(missing) == 0 || !is_debian_root() || !is_debian_r()) {
    return(missing)
  }
  refresh_apt()
  offered <- numeric_version(debian_versions(names(missing)), strict = FALSE)
  suffices <- !is.na(offered) & offered >= numeric_version(missing)
  if (any(suffices)) {
    deb <- paste0("r-cran-", tolower(names(missing)[suffices]))
    message("Installing with apt-get: ", paste(deb, collapse = ", "))
    install_system(deb)
  }
  unsatisfied(missing)
}

# --- CRAN ----------------------------------------------------------------------------------------

# The first library if we may write there, otherwise the user's own, made if need be.
writable_library <- function() {
  if (file.access(.libPaths()[1], mode = 2) == 0) {
    return(.libPaths()[1])
  }
  library <- path.expand(strsplit(Sys.getenv("R_LIBS_USER"), .Platform$path.sep)[[1]][1])
  if (is.na(library) || library %in% c("", "NULL")) {
    stop(.libPaths()[1], " is not writable. Set R_LIBS_USER to a directory of yours.",
      call. = FALSE
    )
  }
  if (!dir.create(library, showWarnings = FALSE, recursive = TRUE) && !dir.exists(library)) {
    stop("Cannot create the library ", library, " (R_LIBS_USER).", call. = FALSE)
  }
  .libPaths(c(library, .libPaths()))
  library
}

use_cran <- function() {
  repos <- getOption("repos")
  if (length(repos) == 0 || any(repos == "@CRAN@")) {
    options(repos = c(repos[names(repos) != "CRAN"], CRAN = "https://cloud.r-project.org"))
  }
  options(timeout = max(600, getOption("timeout")))
}

install_from_cran <- function(missing) {
  if (length(missing) == 0) {
    return(missing)
  }
  use_cran()
  index <- suppressWarnings(utils::available.packages())
  if (nrow(index) == 0) {
    message("No package index from ", paste(getOption("repos"), collapse = ", "), ": no network?")
    return(missing)
  }
  wanted <- intersect(names(missing), rownames(index))
  chosen <- character()
  while (length(wanted) > 0) {
    chosen <- c(chosen, wanted)
    fields <- index[wanted, c("Depends", "Imports", "LinkingTo")]
    needs <- install_from_debian(unsatisfied(parse_requirements(fields)))
    wanted <- setdiff(intersect(names(needs), rownames(index)), chosen)
  }
  if (length(chosen) > 0) {
    require_compiler()
    message("Installing from CRAN: ", paste(chosen, collapse = ", "))
    utils::install.packages(chosen, lib = writable_library(), Ncpus = cores(), quiet = TRUE)
  }
  unsatisfied(missing)
}

# --- the two verbs -------------------------------------------------------------------------------

# packages: names, or requirements as in a DESCRIPTION. Returns the names of those that stay
# missing, which is an error unless they are optional.
install_missing <- function(packages, optional = FALSE) {
  missing <- unsatisfied(parse_requirements(packages))
  missing <- install_from_debian(missing)
  # A newer package from CRAN under those that Debian has built can break them: where it is only an
  # option, the tests do without.
  if (!optional || !is_debian_root()) missing <- install_from_cran(missing)
  if (length(missing) > 0) {
    listed <- ifelse(missing == "0", names(missing), paste0(names(missing), " (>= ", missing, ")"))
    listed <- paste(listed, collapse = ", ")
    if (!optional) {
      stop("These R packages are needed and could not be installed: ", listed, ".\n",
        advice(missing),
        call. = FALSE
      )
    }
    message("Going on without these optional R packages (could not be installed): ", listed, ".")
  }
  invisible(names(missing))
}

# Optional packages of CRAN that share no dependency with Debian's, so that they can break nothing.
install_alone <- function(packages) {
  missing <- unsatisfied(parse_requirements(packages))
  if (length(missing) == 0) {
    return(invisible())
  }
  # What mirai rests on is built by it.
  install_program("cmake")
  tryCatch(install_from_cran(missing), error = function(e) {
    message("Could not install ", paste(names(missing), collapse = ", "), ": ", conditionMessage(e))
  })
}

# Installs the checkout. It is built first, so that no object file is left in it.
install_fastlogit <- function() {
  require_compiler()
  library <- writable_library()
  if (!nzchar(Sys.getenv("MAKEFLAGS"))) {
    Sys.setenv(MAKEFLAGS = paste0("-j", cores()))
    on.exit(Sys.unsetenv("MAKEFLAGS"))
  }
  build <- tempfile("build-")
  dir.create(build)
  old <- setwd(build)
  on.exit({
    setwd(old)
    unlink(build, recursive = TRUE)
  }, add = TRUE)

  message("Compiling fastlogit into ", library, " ...")
  started <- Sys.time()
  r_cmd("build", "--no-build-vignettes", "--no-manual", shQuote(checkout))
  r_cmd("INSTALL", "--preclean", "--no-multiarch",
    paste0("--library=", shQuote(library)), list.files(pattern = "[.]tar[.]gz$")
  )
  seconds <- as.numeric(difftime(Sys.time(), started, units = "secs"))
  message(sprintf("Installed fastlogit %s in %.0f s.", utils::packageVersion("fastlogit"), seconds))
}

# What R CMD build needs for the vignettes.
install_check_tools <- function() {
  install_missing(c("knitr", "rmarkdown"))
  if (!install_program("pandoc")) {
    stop("The vignettes need pandoc: see https://pandoc.org/installing.html", call. = FALSE)
  }
}

# What tells whether the sources are written by the rules of the house.
install_style_tools <- function() {
  install_missing("lintr")
  if (!install_program("clang-format")) stop("There is no clang-format.", call. = FALSE)
}

# What reads help pages and other texts.
install_text_tools <- function() {
  install_missing("jsonlite")
  install_missing("spelling", optional = TRUE)
}

# Without it everything is compiled again each time.
install_compiler_cache <- function() {
  if (!install_program("ccache")) message("There is no ccache: everything is compiled three times.")
}

# --- helpers -------------------------------------------------------------------------------------

r_binary <- function() file.path(R.home("bin"), "R")

cores <- function() max(1, parallel::detectCores(), na.rm = TRUE)

r_cmd <- function(command, ...) {
  result <- run(r_binary(), c("CMD", command, ...))
  if (!result$ok) {
    message(paste(utils::tail(result$output, 60), collapse = "\n"))
    stop("R CMD ", command, " failed: its last lines are above.", call. = FALSE)
  }
}

missing_build_tools <- function() {
  if (!nzchar(Sys.which("make"))) {
    return(c("make", "perhaps a C++17 compiler")) # only make can tell which
  }
  command <- utils::tail(run(r_binary(), c("CMD", "config", "CXX17"))$output, 1)
  compiler <- sub(" .*$", "", command)
  if (length(compiler) == 0 || !nzchar(compiler)) {
    return("a C++17 compiler (R was configured without one)")
  }
  if (!nzchar(Sys.which(compiler))) compiler else missing_headers(command)
}

# Debian's r-base-dev brings them, as R itself is built with them.
missing_headers <- function(command) {
  headers <- c(zlib = "zlib.h", bzip2 = "bzlib.h", liblzma = "lzma.h")
  found <- vapply(headers, function(header) {
    file <- tempfile(fileext = ".cpp")
    on.exit(unlink(file))
    writeLines(paste0("#include <", header, ">"), file)
    run("sh", c("-c", shQuote(paste(command, "-E", shQuote(file)))))$ok
  }, NA)
  if (any(!found)) paste("the headers of", names(headers)[!found])
}

require_compiler <- function() {
  if (length(missing_build_tools()) == 0) {
    return(invisible())
  }
  if (is_debian_root() && is_debian_r()) {
    message("Installing the compiler with apt-get: r-base-dev")
    refresh_apt()
    install_system("r-base-dev")
  }
  lacking <- missing_build_tools()
  if (length(lacking) > 0) {
    remedy <- if (has_apt()) {
      "sudo apt-get install r-base-dev"
    } else {
      switch(Sys.info()[["sysname"]],
        Windows = "install Rtools from https://cran.r-project.org/bin/windows/Rtools/",
        Darwin = "xcode-select --install",
        "install a C++17 compiler and make"
      )
    }
    stop("fastlogit is compiled from source, and this machine lacks ",
      paste(lacking, collapse = " and "), ".\nTo get it: ", remedy,
      call. = FALSE
    )
  }
}

advice <- function(missing) {
  apt <- if (has_apt() && is_debian_r()) {
    deb <- paste0("r-cran-", tolower(names(missing)), collapse = " ")
    paste0("  sudo apt-get install ", deb, "\n")
  }
  paste0(
    "Is there a network? Install them by hand, then run this again:\n", apt,
    "  Rscript -e 'install.packages(c(",
    paste0("\"", names(missing), "\"", collapse = ", "), "))'\n",
    "This is R ", getRversion(), "; the newest versions on CRAN may ask for a newer R."
  )
}
