# Rscript tools/check-architecture.R
#
# Proves the house rules by reading the sources, in seconds: prints the table of rooms and a line
# per rule, and ends with "architecture: ok", or with what breaks the rules and exit status 1. Base
# R and a compiler. With --write it puts the table of rooms into the documents that have it.

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])
setwd(file.path(dirname(gsub("~+~", " ", script, fixed = TRUE)), ".."))
source(file.path("tools", "rooms.R"))

# --- the rules as data ---------------------------------------------------------------------------

# Which rooms, or single headers of rooms, of src/core a room may include besides itself.
allowed_includes <- list(
  types = character(),
  linalg = "types",
  design = c("types", "linalg"),
  family = c("types", "linalg"),
  sums = c("types", "design", "family", "linalg"),
  engine = c("types", "design", "family", "linalg", "sums"),
  penalty = c("types", "engine/evaluator.h", "sums", "linalg"),
  solver = c("types", "penalty", "engine/evaluator.h", "sums", "linalg"),
  fit = c("types", "family", "sums", "engine", "penalty", "solver", "linalg")
)

# Words of C++ code (comments apart) that may stand only in certain files of src/.
reserved_words <- list(
  list(
    rule = "core is free of R",
    words = "\\bRcpp|\\bSEXP\\b|\\bR_[A-Za-z]|\\bRf_|\\bRinternals|\\bR_ext\\b|<R[.]h>",
    only_in = "^(?!core/)"
  ),
  list(
    rule = "R is known to src/*.cpp, r_*.h, *_problem.h and fastlogit_types.h",
    words = "\\bRcpp|\\bSEXP\\b|\\bRf_|\\bRinternals|<R[.]h>",
    only_in = "^([^/]+[.]cpp|r_[a-z]+[.]h|[a-z]+_problem[.]h|fastlogit_types[.]h)$"
  ),
  list(
    rule = "names of R's list fields are known to r_*.h, *_problem.h and exports",
    words = "\\[\"[a-z._A-Z]+\"\\]|Rcpp::Named",
    only_in = "^([^/]+[.]cpp|r_[a-z]+[.]h|[a-z]+_problem[.]h)$"
  ),
  list(
    rule = "threads are made in core/engine/threads.cpp only",
    words = "std::j?thread\\b|std::async\\b|<thread>|<future>|\\bpthread_|#\\s*pragma\\s+omp",
    only_in = "^core/engine/threads[.]cpp$"
  ),
  list(
    rule = "the Newton loop is in core/solver only",
    words = "(?i)halv|decrement",
    only_in = "^(core/solver/|r_result[.]h$|fit[.]cpp$)"
  )
)

# The system headers that core may include: those of C++ and Eigen, and the compiler's intrinsics.
core_system_headers <- "^(Eigen/.+|[a-z_0-9]+|immintrin[.]h)$"

condition_makers <- c(
  "stop", "warning", "message", "abort", "warn", "inform", "signalCondition", "simpleError",
  "simpleWarning", "simpleCondition", "errorCondition", "warningCondition", "stopifnot"
)

longest_file <- 300
longest_function <- 50
widest_line <- 100

# Test files are named after a file of R/, or begin with its name and a dash. Files of R/ that are
# asked for by the tests of others only, and the first of these:
tested_with <- c(
  "fastlogit-fit" = "fit", "fastlogit-package" = "examples",
  "methods-clusters" = "methods-sandwich",
  "methods-effects-asked" = "methods-effects", "methods-effects-maps" = "methods-effects",
  "methods-effects-replays" = "methods-effects", "methods-effects-tables" = "methods-effects",
  "methods-effects-variables" = "methods-effects",
  "methods-inference" = "methods-sandwich", "methods-interop-insight" = "methods-interop",
  "methods-newdata" = "methods-predict-newdata",
  "methods-register" = "methods-interop",
  "methods-sandwich-stored" = "methods-sandwich", "methods-tables" = "methods-odds-ratios",
  "methods-separation" = "methods-summary-separation",
  "methods-tests" = "methods-anova", "methods-wald" = "methods-covariance",
  "object-made" = "object-deferred", "object-stripped" = "methods-strip",
  "rows-runs" = "methods-stored", "rows-survey" = "fit-survey", "solve-model" = "solve"
)

# What test files ask of all the house.
subjects <- c(
  "aliasing", "analyses", "arguments", "convergence", "examples", "expectations", "interrupt",
  "kernels", "methods-glm", "passes", "patterns", "properties", "reference", "sums", "types"
)

# --- reading -------------------------------------------------------------------------------------

# The lines of a C++ file, of which comments are blanked out.
cpp_code <- function(lines) {
  text <- paste(lines, collapse = "\n")
  # A string literal is matched first, so that no // within one counts; it stays as it is.
  token <- "\"(\\\\.|[^\"\\\\\n])*\"|//[^\n]*|/[*](?s:.*?)[*]/"
  found <- gregexpr(token, text, perl = TRUE)
  blank <- function(pieces) {
    comment <- startsWith(pieces, "/")
    pieces[comment] <- gsub("[^\n]", "", pieces[comment])
    pieces
  }
  regmatches(text, found) <- lapply(regmatches(text, found), blank)
  strsplit(text, "\n", fixed = TRUE)[[1]]
}

read_files <- function(folder, pattern) {
  names <- list.files(folder, pattern, recursive = TRUE)
  lines <- lapply(file.path(folder, names), readLines, warn = FALSE, encoding = "UTF-8")
  stats::setNames(lines, names)
}

room_of <- function(file) sub("/.*$", "", sub("[.](h|cpp)$", "", sub("^core/", "", file)))

# One row an #include: the file, the line, what it names, and whether as "..." or as <...>.
list_includes <- function(code) {
  per_file <- lapply(names(code), function(file) {
    line <- grep("^\\s*#\\s*include\\b", code[[file]])
    named <- sub("^\\s*#\\s*include\\s*", "", code[[file]][line])
    data.frame(
      file = rep(file, length(line)), line = line,
      path = sub("^.([^\">]+).*$", "\\1", named), system = startsWith(named, "<")
    )
  })
  do.call(rbind, per_file)
}

# core/solver/newton.h and ../penalty/penalty.h make core/penalty/penalty.h.
resolve_path <- function(from, path) {
  parts <- strsplit(file.path(dirname(from), path), "/", fixed = TRUE)[[1]]
  kept <- character()
  for (part in parts[parts != "."]) {
    kept <- if (part == ".." && length(kept) > 0) utils::head(kept, -1) else c(kept, part)
  }
  paste(kept, collapse = "/")
}

# What a header includes, directly or by way of other headers.
reach_includes <- function(header, includes) {
  reached <- character()
  ahead <- header
  while (length(ahead) > 0) {
    direct <- includes[includes$file %in% ahead, ]
    target <- ifelse(direct$system, direct$path, mapply(resolve_path, direct$file, direct$path))
    ahead <- setdiff(target, reached)
    reached <- c(reached, ahead)
  }
  reached
}

# Calls and mentions of functions in R code: the file, the line, the name, and the definition they
# stand in (the top-level expression's number).
list_symbols <- function(folder) {
  per_file <- lapply(list.files(folder, "[.]R$"), function(file) {
    expressions <- parse(file.path(folder, file), keep.source = TRUE, encoding = "UTF-8")
    data <- utils::getParseData(expressions)
    symbols <- data[data$token %in% c("SYMBOL_FUNCTION_CALL", "SYMBOL"), ]
    starts <- vapply(utils::getSrcref(expressions), `[`, integer(1), 1)
    data.frame(
      file = rep(file, nrow(symbols)), line = symbols$line1, name = symbols$text,
      call = symbols$token == "SYMBOL_FUNCTION_CALL",
      definition = findInterval(symbols$line1, starts)
    )
  })
  do.call(rbind, per_file)
}

# The R names of the C++ functions: what the generated file defines.
list_exports <- function(file) {
  definitions <- if (file.exists(file)) as.list(parse(file)) else list()
  vapply(definitions, function(definition) as.character(definition[[2]]), character(1))
}

include_line <- function(header) {
  sprintf("#include \"%s\"", normalizePath(file.path("src", header)))
}

write_lines <- function(lines, file) {
  writeLines(lines, file)
  file
}

# A function of a file and of options: what R's compiler says about the file, which finds Eigen but
# not R.
find_compiler <- function() {
  eigen <- system.file("include", package = "RcppEigen")
  if (!nzchar(eigen)) {
    return(function(file, options) "RcppEigen is not installed, so nothing could be compiled")
  }
  compiler <- system2(file.path(R.home("bin"), "R"), c("CMD", "config", "CXX17"), stdout = TRUE)
  command <- c(compiler, "-std=gnu++17 -Wall -Wextra -isystem", shQuote(eigen))
  function(file, options) {
    line <- paste(c(command, options, shQuote(file), "2>&1"), collapse = " ")
    suppressWarnings(system(line, intern = TRUE))
  }
}

# --- checks: each returns its violations as text --------------------------------------------------

check_reserved_words <- function(rule, code) {
  elsewhere <- code[!grepl(rule$only_in, names(code), perl = TRUE)]
  unlist(lapply(names(elsewhere), function(file) {
    line <- grep(rule$words, elsewhere[[file]], perl = TRUE)
    sprintf("src/%s:%d: %s", rep(file, length(line)), line, trimws(elsewhere[[file]][line]))
  }))
}

check_includes <- function(includes) {
  inside <- includes[startsWith(includes$file, "core/"), ]
  target <- mapply(resolve_path, inside$file, inside$path)
  may_include <- function(file, target, system) {
    if (system) {
      return(TRUE)
    }
    own <- room_of(file)
    doors <- allowed_includes[[own]]
    startsWith(target, "core/") && own %in% names(allowed_includes) &&
      (room_of(target) %in% c(own, doors) || sub("^core/", "", target) %in% doors)
  }
  wrong <- !as.logical(mapply(may_include, inside$file, target, inside$system))
  sprintf("src/%s:%d: includes %s", inside$file[wrong], inside$line[wrong], inside$path[wrong])
}

# What is compiled is what lies in src/ itself. Each room of core has a unit there, core_ROOM.cpp,
# that includes its implementations: so Eigen is read a few times, not once for each file.
check_units <- function(includes, files) {
  units <- includes[grepl("^core_[a-z]+[.]cpp$", includes$file), ]
  bodies <- grep("^core/.*[.]cpp$", files, value = TRUE)
  times <- table(factor(units$path, unique(c(bodies, units$path))))
  elsewhere <- includes[endsWith(includes$path, ".cpp") & !includes$file %in% units$file, ]
  c(
    sprintf("src/%s is included by %d units", names(times), times)[times != 1],
    sprintf("src/%s:%d: includes %s", elsewhere$file, elsewhere$line, elsewhere$path)
  )
}

# Decompositions, and what else of Eigen is slow to read, belong into implementations.
check_light_headers <- function(includes) {
  heavy <- includes[grepl("[.]h$", includes$file) & grepl("Eigen", includes$path) &
    !includes$path %in% c("Eigen/Core", "Eigen/SparseCore"), ]
  sprintf("src/%s:%d: includes <%s>", heavy$file, heavy$line, heavy$path)
}

check_system_headers <- function(includes) {
  inside <- includes[startsWith(includes$file, "core/") & includes$system, ]
  wrong <- inside[!grepl(core_system_headers, inside$path), ]
  sprintf("src/%s:%d: includes <%s>", wrong$file, wrong$line, wrong$path)
}

# Each header is parsed alone, then all are compiled together. A compiler spends most of its time on
# reading Eigen and on instantiating its templates: so Eigen is precompiled for the headers that
# include it, and what is parsed alone ends in an error of ours, at which the compiler stops before
# it instantiates.
check_compiles_alone <- function(headers, includes) {
  compile <- find_compiler()
  folder <- tempfile("headers-")
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE))
  eigen <- write_lines("#include <Eigen/Core>", file.path(folder, "eigen.h"))
  compile(eigen, "-x c++-header")

  the_end <- "the header ends here"
  check <- function(header) {
    file <- tempfile(tmpdir = folder, fileext = ".cpp")
    write_lines(c(include_line(header), sprintf("static_assert(false, \"%s\");", the_end)), file)
    precompiled <- if ("Eigen/Core" %in% reach_includes(header, includes)) {
      paste("-include", shQuote(eigen))
    }
    output <- compile(file, c(precompiled, "-fsyntax-only -Wfatal-errors"))
    complaints <- grep("(error|warning): ", output, value = TRUE)
    reached <- grepl(the_end, complaints, fixed = TRUE)
    if (any(reached)) complaints[!reached] else output
  }
  together <- function() {
    all <- write_lines(include_line(headers), file.path(folder, "all.cpp"))
    compile(all, c("-include", shQuote(eigen), "-fsyntax-only"))
  }
  jobs <- c(list(together), lapply(headers, function(header) function() check(header)))
  found <- parallel::mclapply(jobs, function(job) job(), mc.cores = 2, mc.preschedule = FALSE)
  alone <- unlist(found[-1])
  if (length(alone) > 0) alone else found[[1]]
}

check_conditions <- function(symbols) {
  wrong <- symbols[symbols$call & symbols$name %in% condition_makers &
    symbols$file != "conditions.R", ]
  sprintf("R/%s:%d: calls %s()", wrong$file, wrong$line, wrong$name)
}

# Of two functions of a name the one in the later file would be everybody's.
check_defined_once <- function(files) {
  starts <- lapply(files, function(lines) {
    sub(" <- function.*", "", grep("^[^ #].* <- function[ (]", lines, value = TRUE))
  })
  names <- unlist(starts)
  twice <- unique(names[duplicated(names)])
  sprintf("%s() is defined in more than one place of R/", twice)
}

check_native_callers <- function(symbols, exports) {
  outside <- symbols[symbols$file != "RcppExports.R", ]
  raw <- outside[outside$call & outside$name %in% c(".Call", ".External", ".C"), ]
  callers <- lapply(exports, function(name) {
    uses <- unique(outside[outside$name == name, c("file", "definition")])
    if (nrow(uses) > 1) sprintf("%s() has %d R callers", name, nrow(uses))
  })
  c(sprintf("R/%s:%d: calls %s() itself", raw$file, raw$line, raw$name), unlist(callers))
}

check_names <- function(exports) {
  wrong <- exports[!endsWith(exports, "_impl")]
  sprintf("%s() is C++, but its name does not end in _impl", wrong)
}

check_length <- function(files) {
  length <- lengths(files)
  wrong <- length > longest_file
  sprintf("%s: %d lines", names(files)[wrong], length[wrong])
}

check_width <- function(files) {
  unlist(lapply(names(files), function(file) {
    width <- nchar(files[[file]], type = "width", allowNA = TRUE)
    line <- which(is.na(width) | width > widest_line)
    sprintf("%s:%d: %d columns", rep(file, length(line)), line, width[line])
  }))
}

check_tests <- function(files) {
  names <- sub("[.]R$", "", files)
  tests <- list.files(file.path("tests", "testthat"), "^test-.*[.]R$")
  tests <- sub("^test-(.*)[.]R$", "\\1", tests)
  of_file <- lapply(names, function(name) {
    tests[tests == name | startsWith(tests, paste0(name, "-"))]
  })
  lacks <- !lengths(of_file) & !tested_with[names] %in% tests
  lost <- setdiff(tests, c(unlist(of_file), subjects))
  c(
    sprintf("R/%s has no test file", files[lacks]),
    sprintf("tests/testthat/test-%s.R is named after no file of R/ and no subject", lost)
  )
}

# --- rooms of R/ ----------------------------------------------------------------------------------

# The functions and values of R/, each in the environment of all, and where they are defined.
list_definitions <- function(folder) {
  env <- new.env(parent = globalenv())
  home <- character()
  for (file in setdiff(list.files(folder, "[.]R$"), "RcppExports.R")) {
    before <- ls(env, all.names = TRUE)
    sys.source(file.path(folder, file), env)
    new <- setdiff(ls(env, all.names = TRUE), before)
    home[new] <- file
  }
  list(env = env, home = home)
}

# One row for each function that refers to something of another file: from, to, and the files.
list_arrows <- function(definitions) {
  home <- definitions$home
  per_name <- lapply(names(home), function(name) {
    value <- get(name, definitions$env)
    if (!is.function(value)) return(NULL)
    used <- intersect(codetools::findGlobals(value), names(home))
    used <- used[home[used] != home[[name]]]
    if (length(used) == 0L) return(NULL)
    data.frame(from = name, to = used, from_file = home[[name]], to_file = unname(home[used]))
  })
  do.call(rbind, per_name)
}

check_r_rooms <- function(files) {
  lost <- files[is.na(vapply(files, room_of_r_file, ""))]
  sprintf("R/%s belongs to no room of tools/rooms.R, or to several", lost)
}

check_r_arrows <- function(arrows) {
  rank <- function(files) match(vapply(files, room_of_r_file, ""), names(r_rooms))
  back <- arrows[which(rank(arrows$to_file) > rank(arrows$from_file)), ]
  sprintf("R/%s: %s() refers to %s of R/%s", back$from_file, back$from, back$to, back$to_file)
}

# Files that, by way of others, refer to themselves.
files_in_cycles <- function(arrows) {
  pairs <- unique(arrows[c("from_file", "to_file")])
  next_of <- split(pairs$to_file, pairs$from_file)
  reaches_itself <- vapply(names(next_of), function(file) {
    ahead <- next_of[[file]]
    seen <- character()
    while (length(ahead)) {
      seen <- c(seen, ahead)
      ahead <- setdiff(unlist(next_of[ahead], use.names = FALSE), seen)
    }
    file %in% seen
  }, NA)
  names(next_of)[reaches_itself]
}


check_functions <- function(definitions) {
  unlist(lapply(names(definitions$home), function(name) {
    value <- get(name, definitions$env)
    if (!is.function(value) || is.primitive(value)) return(NULL)
    lines <- length(deparse(body(value), width.cutoff = 100L))
    source <- attr(value, "srcref")
    if (!is.null(source)) lines <- source[3L] - source[1L] + 1L
    if (lines > longest_function) sprintf("%s() has %d lines", name, lines)
  }))
}

# The table between two marks of a document.
check_table <- function(file, table, write) {
  lines <- readLines(file, encoding = "UTF-8")
  at <- grep("^<!-- rooms: (begin|end)", lines)
  if (length(at) != 2L) return(paste(file, "has no marks of the table of rooms"))
  table <- c("", table, "")
  if (identical(lines[seq(at[1L] + 1L, at[2L] - 1L)], table)) return(character())
  if (!write) return(paste(file, "has an old table of rooms: run this script with --write"))
  writeLines(c(lines[seq_len(at[1L])], table, lines[seq(at[2L], length(lines))]), file)
  character()
}

# --- run -----------------------------------------------------------------------------------------

violations <- 0
report <- function(rule, found) {
  cat(sprintf("%-8s  %s\n", if (length(found) == 0) "ok" else "VIOLATED", rule))
  if (length(found) > 0) cat(paste0("          ", found, "\n"), sep = "")
  violations <<- violations + length(found)
}

cpp <- read_files("src", "[.](cpp|h)$")
cpp <- cpp[names(cpp) != "RcppExports.cpp"]
code <- lapply(cpp, cpp_code)
includes <- list_includes(code)
headers <- grep("^core/.*[.]h$", names(cpp), value = TRUE)
r_files <- read_files("R", "[.]R$")
r_files <- r_files[names(r_files) != "RcppExports.R"]
symbols <- list_symbols("R")
exports <- list_exports("R/RcppExports.R")
budgeted <- c(
  stats::setNames(r_files, file.path("R", names(r_files))),
  stats::setNames(cpp, file.path("src", names(cpp)))
)

options(keep.source = TRUE)
definitions <- list_definitions("R")
arrows <- list_arrows(definitions)
cat(table_of_rooms(sizes = TRUE), "", sep = "\n")
report("each file of R/ belongs to a room", check_r_rooms(names(r_files)))
report("arrows between the rooms of R/ go one way", check_r_arrows(arrows))
report("no file of R/ is in a cycle of calls", files_in_cycles(arrows))
report(
  sprintf("functions of R/ have at most %d lines", longest_function), check_functions(definitions)
)
write <- "--write" %in% commandArgs(trailingOnly = TRUE)
for (file in c("README.md", "vignettes/design.Rmd")) {
  report(paste("the table of rooms in", file), check_table(file, table_of_rooms(), write))
}
for (rule in reserved_words) report(rule$rule, check_reserved_words(rule, code))
report("core includes Eigen and std only", check_system_headers(includes))
report("includes of core point inwards", check_includes(includes))
report("each implementation of core is in one unit", check_units(includes, names(cpp)))
report("headers include no more of Eigen than Core and SparseCore", check_light_headers(includes))
report("conditions are raised in R/conditions.R only", check_conditions(symbols))
report("each function of R/ is defined once", check_defined_once(r_files))
report("names of C++ functions end in _impl", check_names(exports))
report("files of R/ have tests, and test files are named after them", check_tests(names(r_files)))
report(
  "each C++ function has at most one R caller (none: made for the tests)",
  check_native_callers(symbols, exports)
)
report(
  sprintf("files of R/ and src/ have at most %d lines", longest_file), check_length(budgeted)
)
report(sprintf("lines have at most %d columns", widest_line), check_width(budgeted))
# Last, as it takes longest.
report(
  sprintf("each of the %d headers of core compiles alone, without a warning", length(headers)),
  check_compiles_alone(headers, includes)
)

if (violations > 0) {
  cat("architecture: ", violations, " violation", if (violations > 1) "s", "\n", sep = "")
  quit(status = 1)
}
cat("architecture: ok\n")
