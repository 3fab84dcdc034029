walk_of <- function(code, env = globalenv()) walk_references(list(item_of(code, env)))

# Formulas that depend on more than columns: what is there at first, what changes then, and the
# right-hand side. Some go by routes that nobody can follow.
cases_of_references <- function() {
  cut_at <- "mk <- function(k) function(x) x * (x > k)"
  case_of <- function(set, change, code) {
    list(set = str2expression(set), change = str2lang(change), code = str2lang(code))
  }
  list(
    closure = case_of(c(cut_at, "q <- mk(0.5); k <- 0"), "q <- mk(-0.5)", "q(x)"),
    workspace = case_of(c("q <- function(x) x * (x > k)", "k <- 0.5"), "k <- -0.5", "q(x)"),
    inner = case_of(
      c("mk <- function(k) { h <- function(x) x * (x > k); function(x) h(x) }", "q <- mk(0.5)"),
      "q <- mk(0.1)", "q(x)"
    ),
    recursive = case_of(
      c("k <- 0.5", "q <- function(x, i = 3) if (i) q(x, i - 1) else x * (x > k)"), "k <- 1", "q(x)"
    ),
    named = case_of(
      c("cut0 <- function(x) x * (x > k)", "k <- 0.5"), "k <- 0", "do.call(\"cut0\", list(x))"
    ),
    named_by_value = case_of(
      c(
        "cut0 <- function(x) x * (x > 0.5)", "cut1 <- function(x) x * (x > 0)",
        "chosen <- \"cut0\""
      ),
      "chosen <- \"cut1\"", "do.call(chosen, list(x))"
    ),
    applied = case_of(
      c("cut0 <- function(x) x * (x > k)", "k <- 0.5"), "k <- 0", "sapply(x, \"cut0\")"
    ),
    option = case_of("options(fastlogit.k = 0.5)", "options(fastlogit.k = 0)",
      "I(x * (x > getOption(\"fastlogit.k\")))"),
    variable = case_of("Sys.setenv(FASTLOGIT_K = 0.5)", "Sys.setenv(FASTLOGIT_K = 0)",
      "I(x * (x > as.numeric(Sys.getenv(\"FASTLOGIT_K\"))))"),
    got = case_of(c("k0 <- 0.5"), "k0 <- 0", "I(x * (x > get(\"k0\")))"),
    computed_name = case_of("k0 <- 0.5", "k0 <- 0", "I(x * (x > get(paste0(\"k\", 0))))"),
    parsed = case_of("k0 <- 0.5", "k0 <- 0", "eval(parse(text = \"x * (x > k0)\"))"),
    parts = case_of("cfg <- list(k = 0.5)", "cfg$k <- 0", "I(x * (x > cfg$k))"),
    listed = case_of(
      c("k <- 0.5", "cfg <- list(f = function(x) x * (x > k))"), "k <- 0", "cfg$f(x)"
    ),
    environment = case_of(c("e <- new.env()", "e$k <- 0.5"), "e$k <- 0", "I(x * (x > e$k))"),
    self = case_of(
      c("mk <- function(k) { self <- environment(); function(x) x * (x > self$k) }",
        "q <- mk(0.5)"), "q <- mk(0)", "q(x)"
    ),
    reference_class = case_of(
      c("A <- setRefClass(\"FastlogitA\", list(k = \"numeric\"), where = globalenv())",
        "A$methods(cut = function(x) x * (x > k))", "o <- A$new(k = 0.5)"), "o$k <- 0", "o$cut(x)"
    ),
    slots = case_of(
      c("setClass(\"FastlogitP\", list(k = \"numeric\"), where = globalenv())",
        "o <- methods::new(\"FastlogitP\", k = 0.5)"), "o@k <- 0", "I(x * (x > o@k))"
    ),
    promise = case_of("delayedAssign(\"k\", 0.5)", "k <- 0", "I(x * (x > k))"),
    active = case_of(
      c("at <- 0.5", "makeActiveBinding(\"k\", function() at, environment())"), "at <- 0",
      "I(x * (x > k))"
    ),
    operator = case_of("`%over%` <- function(a, b) a * (a > b)",
      "`%over%` <- function(a, b) a * (a > b + 1)", "x %over% 0.2"),
    constant = case_of("k <- 0.12345678901234567", "k <- 0.12345678901234569",
      "I(x * (x > k))"),
    package = case_of("knots <- c(-0.5, 0.5)", "knots <- c(-1, 1)",
      "splines::bs(x, knots = knots, Boundary.knots = c(-6, 6))"),
    made_by_package = case_of("q <- stats::splinefun(1:5, c(1, 3, 2, 4, 5))",
      "q <- stats::splinefun(1:5, c(1, 3, 2, 4, 6))", "q(x)"),
    model = case_of("m <- stats::lm(dist ~ speed, cars)",
      "m <- stats::lm(dist ~ speed, cars[-1, ])", "stats::predict(m, data.frame(speed = x))")
  )
}

# Evaluates what a case sets up, in the workspace.
local_case <- function(case, env = parent.frame()) {
  before <- ls(globalenv(), all.names = TRUE)
  withr::local_options(list(fastlogit.k = NULL), .local_envir = env)
  withr::local_envvar(c(FASTLOGIT_K = NA), .local_envir = env)
  withr::defer(rm(list = setdiff(ls(globalenv(), all.names = TRUE), before), envir = globalenv()),
    envir = env)
  for (expression in case$set) eval(expression, globalenv())
}
