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
  name <- written$name
  link <- written$link
  if (!written$of_stats) {
    meant <- get0(name, env, mode = "function")
    if (!identical(meant, if (name == "binomial") stats::binomial else stats::quasibinomial)) {
      return(NULL)
    }
  }
  if (name == "binomial" && link == "logit") return(logit_family)
  # R knows other words for links than the core, and not all that the core has.
  if (!link %in% binary_links() || !is.character(link_of(link))) return(NULL)
  family <- stock_family(name, link)
  remember(family, link)
  family
}
