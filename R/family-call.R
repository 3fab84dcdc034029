# Families as calls write them.

# Of the calling function's argument: its expression and, if that has to be evaluated, its value.
family_given <- function(expression, value, env) {
  family_as_written(expression, sys.call(-1L), env) %||% as_binomial_family(value, env)
}

# The family that an expression such as `binomial("probit")` stands for, made once in a session: to
# make it anew, and to recognise it, takes a tenth of a small fit's time. NULL where the expression
# has to be evaluated. call: that of the function whose argument it is; env: where it comes from.
family_as_written <- function(expression, call, env) {
  written <- family_written_impl(expression, call)
  if (is.null(written)) return(NULL)
  maker <- if (written$name == "binomial") stats::binomial else stats::quasibinomial
  if (!written$of_stats) {
    meant <- get0(written$name, env, mode = "function")
    if (!identical(meant, maker)) return(NULL)
  }
  if (written$name == "binomial" && written$link == "logit") return(logit_family)
  key <- paste(written$name, written$link)
  family <- written_families[[key]]
  if (is.null(family)) {
    # What is wrong with the link R says where the expression is evaluated.
    family <- tryCatch(maker(written$link), error = function(e) NULL)
    if (is.null(family)) return(NULL)
    assign(key, family, envir = written_families)
  }
  remember(family, family$link)
  family
}

written_families <- new.env(parent = emptyenv())
