# R's own family objects, as far as they are ours.

# The family object for what the user gave: an object, a function or a name.
as_binomial_family <- function(family, frame) {
  if (is.character(family)) {
    family <- tryCatch(get(family, mode = "function", envir = frame), error = function(e) family)
  }
  if (identical(family, stats::binomial)) return(logit_family)
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

# The C++ core computes by name what R's own families do. One that is only called as they are, with
# a variance or a deviance of the user's, is another model; a link may be the user's, see
# family-link.R.
check_stock <- function(family) {
  if (identical(family, checked$family) || identical(family, logit_family)) return(invisible())
  # Nearly always one that has been made before is asked for again.
  known <- if (length(family$link) == 1L) stock_families[[paste(family$family, family$link)]]
  if (!is.null(known) && is_same(parts_of_family(family), parts_of_family(known))) {
    remember(family, family$link)
    return(invisible())
  }
  check_link_object(family)
  own <- parts_of_family(family, of_family)
  stock <- parts_of_family(stock_family(family$family, "logit"), of_family)
  if (is_same(own, stock)) {
    link <- core_link(family)
    # Not one of the user's, which may hold a number for each row.
    if (link != user_link) remember(family, link)
    return(invisible())
  }
  same <- mapply(is_same, own, stock)
  input_error(
    "`family` is called ", family$family, "(), but ", quoted(of_family[!same]),
    if (sum(!same) == 1L) " is" else " are", " not that of R's own. Use glm() for families of ",
    "your own (a link of your own is no matter)."
  )
}

# The family that was seen last: those who fit thousands of models ask with the same one.
checked <- new.env(parent = emptyenv())

remember <- function(family, link) {
  checked$family <- family
  checked$link <- link
}

check_link_object <- function(family) {
  bad <- link_functions[!vapply(unclass(family)[link_functions], is.function, NA)]
  if (length(bad) == 0L) return(invisible())
  input_error(
    "the link has no function ", quoted(bad), ": give one as stats::make.link() makes it."
  )
}

link_functions <- c("linkfun", "linkinv", "mu.eta", "valideta")

of_family <- c("variance", "dev.resids", "aic", "validmu", "initialize")

computed_by_name <- c(link_functions, of_family)

parts_of_family <- function(family, names = computed_by_name) unclass(family)[names]

# The link by the core's name, or `user_link` where its functions are not those that R or this
# package has for a link of that name.
core_link <- function(family) {
  if (identical(family, checked$family)) return(checked$link)
  if (identical(family, logit_family)) return("logit")
  link <- family$link
  own <- parts_of_family(family, link_functions)
  # Nearly always: small fits notice any question asked.
  if (identical(link, "logit") && identical(own, logit_functions)) return(link)
  if (length(link) != 1L || !link %in% binary_links()) return(user_link)
  stock <- parts_of_family(stock_family(family$family, link), link_functions)
  if (is_same(own, stock)) link else user_link
}

logit_functions <- unclass(logit_family)[link_functions]

user_link <- "user link"

# As messages call it. That of a link by rows has a name for each.
name_of_link <- function(family) {
  paste0(family$link[1L], if (length(family$link) > 1L) ", ...")
}

# Functions of the same text, whose names mean the same: what they mean in the package of the stock.
is_same <- function(own, stock) {
  if (!identical(own, stock, ignore.environment = TRUE)) return(FALSE)
  own <- c(own)
  stock <- c(stock)
  seen <- NULL
  for (i in seq_along(own)) {
    home <- environment(own[[i]])  # NULL of what is no function
    # Those of one family are at home in one place.
    if (is.null(home) || identical(home, seen)) next
    seen <- home
    if (!are_neighbours(home, environment(stock[[i]]))) return(FALSE)
  }
  TRUE
}

# Functions made by calls of one function have its home as the next one.
are_neighbours <- function(a, b) {
  identical(parent.env(a), parent.env(b)) || identical(topenv(a), topenv(b))
}

# R's own, by a link of the core. Made once in a session: that would be a twentieth of a small fit's
# time.
stock_family <- function(name, link) {
  key <- paste(name, link)
  if (is.null(stock_families[[key]])) {
    assign(key, family_with(name, link_of(link)), envir = stock_families)
  }
  stock_families[[key]]
}

family_with <- function(name, link) {
  make <- if (name == "binomial") stats::binomial else stats::quasibinomial
  make(link)
}

# The part of a family that the other parts are made from: link_of() has what binomial() takes.
link_object <- function(family) {
  link <- core_link(family)
  if (link != user_link) return(link_of(link))
  structure(c(unclass(family)[link_functions], list(name = family$link)), class = "link-glm")
}

stock_families <- new.env(parent = emptyenv())

#' The log-log link
#'
#' The link \eqn{\mu = \exp(-\exp(-\eta))}{mu = exp(-exp(-eta))}: the complementary log-log link
#' with successes and failures exchanged, which [stats::binomial()] has no name for.
#'
#' @return An object of class `"link-glm"`, as [stats::make.link()] makes it, for
#'   `binomial(link = loglog_link())`: a list of the functions `linkfun`, `linkinv`, `mu.eta` and
#'   `valideta`, which take and return vectors of any length, and `name`.
#' @seealso [fastlogit()], whose argument `family` says which links there are.
#' @examples
#' fit <- fastlogit(fail ~ temp, binomial(loglog_link()), data = oring)
#' # the same as cloglog for the other outcome
#' other <- fastlogit(!fail ~ temp, binomial("cloglog"), data = oring)
#' all.equal(coef(fit), -coef(other))
#'
#' # One of two alternatives is guessed: a link of one's own
#' guessing <- structure(
#'   list(
#'     linkfun = function(mu) qlogis(2 * pmax(mu, 0.5 + 1e-12) - 1),
#'     linkinv = function(eta) 0.5 + plogis(eta) / 2, mu.eta = function(eta) dlogis(eta) / 2,
#'     valideta = function(eta) TRUE, name = "guessing"
#'   ),
#'   class = "link-glm"
#' )
#' seen <- data.frame(contrast = 1:6, right = c(11, 13, 15, 18, 20, 20))
#' fastlogit(cbind(right, 20 - right) ~ contrast, binomial(guessing), data = seen)
#' @export
loglog_link <- function() own_links$loglog

loglog_object <- structure(
  list(
    linkfun = function(mu) -log(-log(mu)),
    linkinv = function(eta) {
      pmax(pmin(exp(-exp(-eta)), 1 - .Machine$double.eps), .Machine$double.eps)
    },
    mu.eta = function(eta) {
      eta <- pmax(eta, -700)
      pmax(exp(-eta) * exp(-exp(-eta)), .Machine$double.eps)
    },
    valideta = function(eta) TRUE, name = "loglog"
  ),
  class = "link-glm"
)

# The links of the core that R does not know by name: objects of class "link-glm", by their names.
own_links <- list(identity = stats::make.link("identity"), loglog = loglog_object)

# What binomial() takes for a link of the core.
link_of <- function(name) if (is.null(own_links[[name]])) name else own_links[[name]]

# All that the core registers, but for the family of many classes.
binary_links <- function() family_names_impl("two")

is_canonical <- function(family) core_link(family) == "logit"

# summary.glm() estimates the dispersion of other families.
has_known_dispersion <- function(family) family$family == "binomial"

# Of the pseudo-likelihood of a survey, whose weights are no numbers of trials.
pseudo_family <- function(family) {
  if (family$family == "quasibinomial") return(family)
  link <- structure(family[c("linkfun", "linkinv", "mu.eta", "valideta")], class = "link-glm")
  link$name <- family$link
  stats::quasibinomial(link)
}
