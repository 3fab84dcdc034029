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
  check_link(family)
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

# All that the core registers, but for the family of many classes.
binary_links <- function() setdiff(family_names_impl(), "multinomial")

is_canonical <- function(family) family$link == "logit"

# summary.glm() estimates the dispersion of other families.
has_known_dispersion <- function(family) family$family == "binomial"
