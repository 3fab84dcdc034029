# glm() is started at the estimate, with which its last two iterates, its weights and its QR
# decomposition all belong to the estimate itself: so components agree to 9 digits at the default
# `epsilon`, at which glm() finds aliased columns as we do. On its own and with epsilon = 1e-14,
# glm() has 6 to 9 digits for links other than logit. Ill-conditioned columns cost glm() 3 of them.
component_tolerance <- function(set) switch(set$condition, well = 1e-9, ill = 1e-6)

fit_glm_at <- function(set, link, coefficients, ...) {
  frame <- fit_data_set(set, "glm", link, method = "model.frame")
  columns <- colnames(model.matrix(terms(frame), frame))
  start <- stats::setNames(numeric(length(columns)), columns)
  start[names(coefficients)] <- coefficients
  fit_data_set(set, "glm", link, start = unname(start), ...)
}

for (set in real_data()) {
  test_that(paste("all components are glm's:", set$name), {
    table <- reference_table()
    for (link in set$links) {
      estimate <- reference_of(set$name, link, table)$coefficients
      theirs <- catch_glm_warnings(fit_glm_at(set, link, estimate))
      ours <- catch_glm_warnings(fit_data_set(set, "fastlogit", link))
      expect_glm_equal(ours$value, theirs$value, component_tolerance(set))
      expect_identical(ours$warnings, theirs$warnings, label = paste(set$name, link, "warnings"))
    }
  })
}

# glm()'s default settings against ours at a tight epsilon: control, and the quasi family.
test_that("a control and a quasi family are kept as glm keeps them", {
  set <- real_data()$swiss
  control <- list(epsilon = 1e-14, maxit = 100)
  estimate <- reference_of("swiss", "logit")$coefficients
  theirs <- fit_glm_at(set, "logit", estimate, family = "quasibinomial", control = control)
  ours <- fit_data_set(set, "fastlogit", "logit", family = "quasibinomial", control = control)
  expect_glm_equal(ours, theirs)
})

test_that("na.exclude, x and y are kept as glm keeps them", {
  set <- real_data()$airquality
  estimate <- reference_of("airquality", "logit")$coefficients
  arguments <- list(set, "fastlogit", na.action = quote(na.exclude), x = TRUE, y = FALSE)
  ours <- do.call(fit_data_set, arguments)
  theirs <- fit_glm_at(
    set, "logit", estimate, na.action = quote(na.exclude), x = TRUE, y = FALSE
  )
  expect_glm_equal(ours, theirs)
  expect_null(ours$y)
})

test_that("glm() gives the same object when it calls fastlogit_fit", {
  set <- real_data()$mtcars
  estimate <- reference_of("mtcars", "probit")$coefficients
  theirs <- fit_glm_at(set, "probit", estimate)
  ours <- fit_data_set(set, "glm", "probit", method = quote(fastlogit_fit))
  # glm() leaves the control of another method alone.
  expect_glm_equal(ours, theirs, except = c(not_compared, "control"))
})

perturbed <- function(component) {
  if (length(component) == 0) return(1)
  if (inherits(component, "formula")) return(Ozone ~ Temp)
  if (is.character(component)) return(paste0(component, "!"))
  if (is.logical(component)) return(!component)
  if (is.numeric(component)) return(component + 1e-6 * (1 + abs(component)))
  component[[1]] <- perturbed(component[[1]])
  component
}

# A checker that cannot fail is a defect.
test_that("expect_glm_equal sees each component that is wrong", {
  fit <- fit_data_set(real_data()$airquality, "glm")
  expect_glm_equal(fit, fit)
  for (name in setdiff(names(fit), not_compared)) {
    wrong <- fit
    wrong[[name]] <- perturbed(fit[[name]])
    expect_true(fails(expect_glm_equal(wrong, fit)), label = name)
  }
})
