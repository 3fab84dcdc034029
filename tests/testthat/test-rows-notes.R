# The notes of the one kept cache of a folder, and the cache with other ones.
kept_in <- function(folder) list.files(folder, "[.]rows$", full.names = TRUE)

notes_in <- function(path) unpack_fields(cache_facts(row_cache(path, TRUE))$notes)

with_notes <- function(path, notes) {
  handle <- row_cache(path, TRUE)
  facts <- cache_facts(handle)
  columns <- stored_columns(handle, seq_len(facts$columns), 1L, as.integer(facts$blocks))
  unlink(path)
  writer <- cache_writer(path, facts$columns, facts$rows)
  writer$append(columns)
  writer$finish(notes)
}

test_that("a kept cache gives the same fit, of every form of response and variable", {
  d <- source_data(600)
  source <- local_rows(d)
  calls <- expression(
    fastlogit(y ~ x + g + l + offset(o), data = source, weights = w, na.action = na.exclude),
    fastlogit(cbind(s, m - s) ~ x * g, data = source),
    fastlogit(factor(f) ~ poly(z, 2) + scale(z) + factor(k), data = source, subset = !is.na(x)),
    fastlogit(s / m ~ z + cut(z, c(-1, 0.3, 1, 99)), data = source, weights = m),
    fastmultinom(c ~ x + g, data = source),
    fastmultinom(cbind(s, m - s, w) ~ z, data = source),
    fastlogit(y ~ . - id - s - m - f - c, data = source)
  )
  for (call in as.list(calls)) local({
    folder <- withr::local_tempdir()
    call$cache <- folder
    first <- eval(call)
    again <- with_replaced("for_each_chunk", function(...) stop("read again"), eval(call))
    expect_identical(coef(again), coef(first), info = deparse(call)[1L])
    expect_identical(again$xlevels, first$xlevels)
    expect_identical(residuals(again), residuals(first))
    call$cache <- NULL
    expect_equal(coef(eval(call)), coef(first), tolerance = 1e-12)
    expect_length(kept_in(folder), 1)
  })
})

test_that("a kept cache is not used when what the formula refers to has changed", {
  d <- source_data(600)[c("y", "x", "c")]
  d$x[is.na(d$x)] <- 0
  source <- local_rows(d)
  for (name in names(cases_of_references())) local({
    case <- cases_of_references()[[name]]
    local_case(case)
    folder <- withr::local_tempdir()
    formula <- stats::as.formula(call("~", quote(y), case$code), globalenv())
    fit <- function() {
      withCallingHandlers(
        fastlogit(formula, data = source, cache = folder),
        fastlogit_cache_not_kept = function(w) tryInvokeRestart("muffleWarning")
      )
    }
    same <- function() {
      expect_equal(unname(coef(fit())), unname(coef(fastlogit(formula, data = d))),
        tolerance = 1e-9, info = name)
    }
    same()
    eval(case$change, globalenv())
    same()
    three <- stats::as.formula(call("~", quote(c), case$code), globalenv())
    expect_equal(
      unname(coef(suppressWarnings(fastmultinom(three, data = source, cache = folder)))),
      unname(coef(fastmultinom(stats::update(three, factor(c) ~ .), data = d))), tolerance = 1e-8,
      info = name
    )
  })
})

test_that("rows that cannot be known again are not kept, with a warning that says why", {
  folder <- withr::local_tempdir()
  source <- local_rows()
  k0 <- 0
  expect_warning(
    fit <- fastlogit(y ~ I(x > get(paste0("k", 0))), data = source, cache = folder),
    "may depend on `get\\(\\)`", class = "fastlogit_cache_not_kept"
  )
  expect_length(list.files(folder), 1)
  expect_equal(length(fitted(fit)), nobs(fit))
  rm(fit)
  invisible(gc())
  expect_length(list.files(folder), 0)
  chunk <- data.frame(y = rep(0:1, 20), x = sin(1:40))
  chunk$b <- I(as.numeric(1:40))
  with_replaced("fingerprint", function(source) "the same", expect_warning(
    fastlogit(y ~ x + as.numeric(b), data = source_function(chunks_of(chunk, 30)), cache = folder),
    "column `b` is of class \"AsIs\"", class = "fastlogit_cache_not_kept"
  ))
})

test_that("columns of the first rows come back as they were, or cannot be noted", {
  columns <- list(
    a = c(1.5, NA, -Inf), b = c(TRUE, NA, FALSE), c = 1:3, d = c("a", NA, "\u00e9"),
    e = factor(c("u", NA, "v"), c("v", "u")), f = factor(c("a", "b", "a"), ordered = TRUE),
    g = as.Date(1:3, "1970-01-01"), h = as.POSIXct(1:3, "UTC", origin = "1970-01-01"),
    i = as.difftime(1:3, units = "hours")
  )
  d <- structure(columns, class = "data.frame", row.names = 1:3)
  notes <- notes_of(list(head = d, parameters = list()), "key")
  expect_identical(head_of(unpack_fields(pack_fields(notes))), d)
  others <- list(
    structure(1, class = "zoo"), list(1), as.POSIXlt("2020-01-01"), 1i, matrix(1), quote(x),
    structure(factor("a"), contrasts = matrix(1)), function(x) 1
  )
  for (other in others) expect_null(column_note(other))
  note <- column_note(factor("a"))
  changed <- list(
    c(note[-1], class = "function"), replace(note, "values", list(7L)),
    replace(note, "beside", list(list(levels = c("a", "a")))),
    replace(note, "beside", list(list(levels = "a", tsp = "b"))), list(), 3, NULL
  )
  for (note in changed) expect_null(column_of(note))
})

test_that("what a cache says of its rows is believed only where it can be", {
  d <- source_data(600)
  source <- local_rows(d)
  folder <- withr::local_tempdir()
  fit <- function() {
    fastlogit(y ~ x + g + poly(z, 2) + offset(o), data = source, weights = w, cache = folder)
  }
  right <- coef(fit())
  path <- kept_in(folder)
  notes <- notes_in(path)
  with_notes(path, notes)
  expect_identical(coef(fit()), right)
  wrong <- list(
    list("rows", 599), list("rows", NULL), list("rows", "600"), list("file_columns", 1e9),
    list("omitted", -1), list("excluded", c(3, 2)), list("variables", NULL),
    list(c("variables", "x"), NULL), list(c("variables", "new"), notes$variables$x),
    list(c("variables", "x", "kind"), "code"), list(c("variables", "g", "kind"), "number"),
    list(c("variables", "x", "columns"), 1000L), list(c("variables", "x", "columns"), 0L),
    list(c("variables", "x", "columns"), NA_integer_), list(c("variables", "x", "columns"), 1:2),
    list(c("variables", "x", "largest"), NaN), list(c("variables", "x", "largest"), c(1, 2)),
    list(c("variables", "g", "words"), c("a", "a")), list(c("variables", "g", "words"), 1:5),
    list(c("variables", "g", "counts"), 1), list(c("variables", "g", "words"), "a"),
    list(c("variables", "g", "sets"), list("unknown")),
    list(c("variables", "poly(z, 2)", "columns"), 3L),
    list(c("parameters", "poly(z, 2)"), list(alpha = 1, norm2 = 1)),
    list(c("parameters", "poly(z, 2)", "alpha"), "system('x')"), list("parameters", NULL),
    list("response", NULL), list(c("response", "y"), 99L), list(c("response", "weights"), 99L),
    list(c("response", "largest_weight"), Inf), list(c("response", "single"), NA),
    list(c("response", "total"), "1"), list(c("response", "successes"), -1),
    list(c("offset", "columns"), 99L), list(c("offset", "any"), NA), list("head", list()),
    list("head_names", c("a", "b")),
    list(c("head", 1), list(class = "none", values = 1:3, beside = list())), list("key", "other")
  )
  for (change in wrong) {
    changed <- notes
    if (is.null(change[[2L]])) {
      changed[[change[[1L]]]] <- NULL
    } else if (length(change[[1L]]) == 2L && change[[1L]][1L] == "head") {
      changed$head[[1L]] <- change[[2L]]
    } else {
      changed[[change[[1L]]]] <- change[[2L]]
    }
    with_notes(path, changed)
    expect_error(fit(), class = "fastlogit_cache_error", info = deparse(change)[1L])
  }
})

test_that("levels that the notes hide are no way out of a design's memory", {
  source <- local_rows()
  folder <- withr::local_tempdir()
  fit <- function() fastlogit(y ~ g, data = source, cache = folder)
  fit()
  path <- kept_in(folder)
  notes <- notes_in(path)
  notes$variables$g$counts[2] <- 0
  with_notes(path, notes)
  expect_error(fit(), "no known level", class = "fastlogit_cache_error")
})

test_that("code in a file is not run, and files of other formats are told", {
  source <- local_rows()
  folder <- withr::local_tempdir()
  fit <- function() fastlogit(y ~ x, data = source, cache = folder)
  fit()
  path <- kept_in(folder)
  ran <- withr::local_tempfile()
  evil <- serialize(list(key = notes_in(path)$key, plan = bquote(file.create(.(ran)))), NULL)
  writer <- cache_writer(path <- tempfile(), 2, 3)
  writer$append(list(c(0, 1, 1), c(1, 2, 3)))
  with_replaced("pack_fields", function(x) evil, writer$finish())
  file.rename(path, kept_in(folder))
  expect_error(fit(), class = "fastlogit_cache_error")
  saveRDS(list(1), kept_in(folder))
  expect_error(fit(), class = "fastlogit_cache_error")
  expect_false(file.exists(ran))
})

test_that("notes that are damaged anywhere are an error of ours, or the right answer", {
  source <- local_rows()
  folder <- withr::local_tempdir()
  right <- coef(fastlogit(y ~ x + g, data = source, cache = folder))
  path <- kept_in(folder)
  notes <- cache_facts(row_cache(path, TRUE))$notes
  spec <- list(call = quote(fastlogit(y ~ x + g)), formula = y ~ x + g, env = environment())
  key <- notes_in(path)$key
  facts <- cache_facts(row_cache(path, TRUE))
  set.seed(3)
  outcome <- vapply(1:2000, function(i) {
    at <- sample(length(notes), sample(1:4, 1))
    facts$notes <- replace(notes, at, as.raw(sample(0:255, length(at), TRUE)))
    if (i %% 4 == 0) facts$notes <- facts$notes[seq_len(sample(length(notes), 1))]
    tryCatch(with_replaced("cache_facts", function(handle) facts, {
      seen_in_notes(list(path = "file"), key, spec, "binary")
      "believed"
    }), fastlogit_cache_error = function(e) "told")
  }, "")
  expect_gt(sum(outcome == "told"), 1000)
})
