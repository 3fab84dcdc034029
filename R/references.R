# What expressions and functions refer to: it goes with them to workers, and tells a kept cache from
# another one.

# An environment of what these names mean in another one; functions of the user's take along what
# they refer to.
referred_to <- function(names, from) {
  env <- new.env(parent = globalenv())
  ahead <- unique(names)
  while (length(ahead)) {
    name <- ahead[1L]
    ahead <- ahead[-1L]
    value <- users_own(name, from)
    if (is.null(value) || exists(name, env, inherits = FALSE)) next
    if (is.function(value) && !is.primitive(value) && !isNamespace(environment(value))) {
      ahead <- c(ahead, names_in(value))
      environment(value) <- env
    }
    assign(name, value, env)
  }
  env
}

# The names in a function's body and in the defaults of its arguments, which may be empty.
names_in <- function(f) {
  setdiff(all.names(as.call(c(as.name("{"), as.list(formals(f)), body(f)))), "")
}

# What a name means in an environment or one around it, as far as the global one; NULL for what
# comes from packages.
users_own <- function(name, env) {
  while (!isNamespace(env) && !identical(env, emptyenv())) {
    if (exists(name, env, inherits = FALSE)) return(get(name, env, inherits = FALSE))
    if (identical(env, globalenv())) break
    env <- parent.env(env)
  }
}

# Texts that tell the values that these names have outside of packages: `subset = x > least` depends
# on `least`.
values_in <- function(names, env) {
  values <- as.list(referred_to(names, env), sorted = TRUE)
  texts <- lapply(values, function(value) {
    if (is.function(value)) deparse(value) else checksum_of(serialize(value, NULL))
  })
  c(names(values), unlist(texts))
}
