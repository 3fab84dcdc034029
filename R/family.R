# R's own family objects, as far as they are ours.

# The family object for what the user gave: an object, a function or a name.
as_binomial_family <- function(family, frame) {
  if (is.character(family)) {
    family <- tryCatch(get(family, mode = "function", envir = frame), error = function(e) family)
  }
  if (is.function(family)) family <- family()
  check_that(inherits(family, "family"), family, "`family` must be binomial() or quasibinomial()")
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
  own <- unclass(family)[computed_by_name]
  stock <- stock_family(family$family, family$link)
  if (is_same(own, stock)) return(invisible())
  same <- mapply(is_same, own, stock)
  input_error(
    "`family` is called ", family$family, "(\"", family$link, "\"), but ",
    quoted(computed_by_name[!same]), if (sum(!same) == 1L) " is" else " are",
    " not that of R's own. Use glm() for families of your own."
  )
}

computed_by_name <- c(
  "linkfun", "linkinv", "mu.eta", "variance", "dev.resids", "aic", "validmu", "valideta",
  "initialize"
)

# Functions of the same text, whose names mean the same: what they mean in the package of the stock.
is_same <- function(own, stock) {
  if (!identical(own, stock, ignore.environment = TRUE)) return(FALSE)
  home <- function(f) if (is.function(f)) topenv(environment(f))
  identical(lapply(c(own), home), lapply(c(stock), home))
}

# Those parts of R's own. Made once in a session: that would be a twentieth of a small fit's time.
stock_family <- function(name, link) {
  key <- paste(name, link)
  if (is.null(stock_families[[key]])) {
    make <- if (name == "binomial") stats::binomial else stats::quasibinomial
    assign(key, unclass(make(link_of(link)))[computed_by_name], envir = stock_families)
  }
  stock_families[[key]]
}

stock_families <- new.env(parent = emptyenv())

# The links of the core that R does not know by name: objects of class "link-glm", by their names.
own_links <- list()

# What binomial() takes for a link of the core.
link_of <- function(name) if (is.null(own_links[[name]])) name else own_links[[name]]

# All that the core registers, but for the family of many classes.
binary_links <- function() setdiff(family_names_impl(), "multinomial")

is_canonical <- function(family) family$link == "logit"

# summary.glm() estimates the dispersion of other families.
has_known_dispersion <- function(family) family$family == "binomial"

# Of the pseudo-likelihood of a survey, whose weights are no numbers of trials.
pseudo_family <- function(family) {
  if (family$family == "quasibinomial") return(family)
  link <- structure(family[c("linkfun", "linkinv", "mu.eta", "valideta")], class = "link-glm")
  link$name <- family$link
  stats::quasibinomial(link)
}
