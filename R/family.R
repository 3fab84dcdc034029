# R's own family objects, as far as they are ours.

# The family object for what the user gave: an object, a function or a name.
as_binomial_family <- function(family, frame) {
  if (is.character(family)) {
    family <- tryCatch(get(family, mode = "function", envir = frame), error = function(e) family)
  }
  if (is.function(family)) family <- family()
  if (!inherits(family, "family")) {
    input_error("`family` must be binomial() or quasibinomial(): found ", described(family), ".")
  }
  if (!is_binomial(family)) {
    input_error(
      "`family` must be binomial() or quasibinomial(): found ", family$family, "(). ",
      "Use glm() for other families."
    )
  }
  check_stock(family)
  family
}

# The default, made once: it would be a twentieth of a small fit's time.
logit_family <- stats::binomial()

is_binomial <- function(family) family$family %in% c("binomial", "quasibinomial")

check_link <- function(family) {
  link <- family$link
  if (link == "logit") return(invisible())  # nearly always: small fits notice any question asked
  links <- binary_links()
  if (link %in% links) return(invisible())
  input_error(
    "the link must be one of ", paste0("\"", links, "\"", collapse = ", "), ": found \"",
    link, "\". Use glm() for other links."
  )
}

# The C++ core computes by name what R's own families do. One that is only called as they are, with
# a link or a variance of the user's, is another model.
check_stock <- function(family) {
  check_link(family)
  stock <- stock_family(family$family, family$link)
  same <- vapply(computed_by_name, function(name) {
    identical_function(family[[name]], stock[[name]])
  }, NA)
  same <- c(same, initialize = identical(family$initialize, stock$initialize))
  if (all(same)) return(invisible())
  input_error(
    "`family` is called ", family$family, "(\"", family$link, "\"), but ",
    quoted(names(same)[!same]), if (sum(!same) == 1L) " is" else " are",
    " not that of R's own. Use glm() for families of your own."
  )
}

computed_by_name <- c(
  linkfun = "linkfun", linkinv = "linkinv", mu.eta = "mu.eta", variance = "variance",
  dev.resids = "dev.resids", aic = "aic", validmu = "validmu", valideta = "valideta"
)

# Of the same text, whose names mean what they mean in package stats.
identical_function <- function(own, stock) {
  identical(own, stock, ignore.environment = TRUE) && from_stats(own) == from_stats(stock)
}

from_stats <- function(f) {
  is.primitive(f) || identical(topenv(environment(f)), asNamespace("stats"))
}

# Made once in a session: it would be a twentieth of a small fit's time.
stock_family <- function(name, link) {
  key <- paste(name, link)
  if (is.null(stock_families[[key]])) {
    make <- if (name == "binomial") stats::binomial else stats::quasibinomial
    assign(key, make(link), envir = stock_families)
  }
  stock_families[[key]]
}

stock_families <- new.env(parent = emptyenv())

# All that the core registers, but for the family of many classes.
binary_links <- function() setdiff(family_names_impl(), "multinomial")

is_canonical <- function(family) family$link == "logit"

# summary.glm() estimates the dispersion of other families.
has_known_dispersion <- function(family) family$family == "binomial"
