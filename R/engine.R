# Engines: other processes that add up the sums of rows. The contract is ask(): a request goes to
# the partitions of the rows, and their answers come back in the order of the partitions. A
# partition is pure work: what describes it is enough for any worker to answer for it. So who does
# it does not matter, nor how often it is done.
#
# An engine is an environment; of every kind are
#   workers      names for messages
#   alive        for each worker: is it still there?
#   hosts        for each worker the name of its machine
#   pinned       does work for a worker always go to the same process?
#   busy         are there questions out? Where a call has ended so, nothing more is asked
#   checkpoint   the file that a later call resumes from, or NULL
# and of the rows at hand, see place_partitions()
#   fit, pass    what orders and replies are tagged with
#   describe     function of a partition's number
#   batch        of how many partitions the rows go to a worker at a time
#   owner        for each partition its worker
#   holds        for each worker the partitions that it has been sent
# The kinds differ in exchange(engine, orders, work): orders is a list with an order for each
# worker, by its number, or NULL; the result has the replies in their places, and NULL for workers
# that are lost.

exchange <- function(engine, orders, work) UseMethod("exchange")

new_engine <- function(class, workers, pinned, ...) {
  engine <- list2env(list(
    workers = workers, alive = rep(TRUE, length(workers)), pinned = pinned, busy = FALSE,
    hosts = rep(NA_character_, length(workers)), processes = rep(NA_integer_, length(workers)), ...
  ))
  class(engine) <- c(class, "fastlogit_engine")
  engine
}

# Workers forget the rows of a call when it ends; those that were made for it end, too.
close_engine <- function(engine) {
  if (is.null(engine)) return(invisible())
  engine$closed <- TRUE
  if (!is.null(engine$fit) && !engine$busy) try(forget_rows(engine), silent = TRUE)
  if (!is.null(engine$finish)) engine$finish(engine)
}

# --- who is there --------------------------------------------------------------------------------

# What a worker says of itself; sent by value, as fastlogit may be missing there.
introduce <- function(order) {
  fastlogit <- tryCatch(
    as.character(utils::packageVersion("fastlogit")),
    error = function(e) "none"
  )
  list(
    fit = order$fit, pass = order$pass, partitions = order$partitions,
    versions = c(R = paste(R.version$major, R.version$minor, sep = "."), fastlogit = fastlogit),
    host = Sys.info()[["nodename"]], process = Sys.getpid()
  )
}
environment(introduce) <- baseenv()

# One kind of R and of fastlogit, or none at all: their answers would not be the same.
check_workers <- function(engine) {
  order <- list(fit = new_key(), pass = 0L, partitions = integer())
  replies <- exchange_all(engine, rep(list(order), length(engine$workers)), introduce)
  silent <- vapply(replies, is.null, NA)
  if (any(silent)) report_silent(engine, silent)
  there <- which(!silent)
  for (reply in replies[there]) check_tags(engine, order, reply)
  own <- introduce(order)$versions
  for (i in there) check_versions(engine, i, replies[[i]]$versions, own)
  engine$alive[silent] <- FALSE
  engine$hosts[there] <- vapply(replies[there], `[[`, "", "host")
  engine$processes[there] <- vapply(replies[there], `[[`, 0L, "process")
}

# Those that were made for this call may be fewer than were asked for.
report_silent <- function(engine, silent) {
  if (!is.null(engine$finish) && !all(silent)) {
    fit_message("fastlogit_worker_lost",
      workers_told(engine$workers[silent]), " did not answer: the work is left to ",
      enumerated(engine$workers[!silent]), ".")
    return(invisible())
  }
  cluster_error(engine, "fastlogit_worker_lost",
    workers_told(engine$workers[silent]), " did not answer. Start ",
    if (sum(silent) == 1L) "it" else "them", " again, or leave ",
    if (sum(silent) == 1L) "it" else "them", " out."
  )
}

check_versions <- function(engine, i, versions, own) {
  different <- names(own)[versions[names(own)] != own]
  if (!length(different)) return(invisible())
  package <- different[length(different)]
  has <- if (versions[[package]] == "none") {
    " does not find fastlogit: install it there, or set R_LIBS."
  } else {
    paste0(
      " has ", package, " ", versions[[package]], ", this session has ", own[[package]],
      ": all must have the same."
    )
  }
  fit_error("fastlogit_mixed_cluster", "worker ", engine$workers[i], has)
}

# Does a reply answer this order? Else the answers of some other call have been waiting.
check_tags <- function(engine, order, reply) {
  tags <- c("fit", "pass", "partitions")
  if (is.list(reply) && identical(reply[tags], order[tags])) return(invisible())
  cluster_error(engine, "fastlogit_out_of_step",
    "the cluster is out of step: a worker gave the answer to an earlier question, as happens ",
    "after an interrupt, or when a worker was lost. Stop the cluster and make a new one."
  )
}

# --- rows and questions --------------------------------------------------------------------------

# describe(i): what worker processes make the rows of partition i from, see hold_partition().
place_partitions <- function(engine, partitions, describe, batch = Inf, owner = NULL) {
  engine$fit <- new_key()
  engine$pass <- 0L
  engine$describe <- describe
  engine$batch <- batch
  alive <- which(engine$alive)
  if (is.null(owner)) owner <- alive[ceiling(seq_len(partitions) * length(alive) / partitions)]
  engine$owner <- owner
  engine$holds <- vector("list", length(engine$workers))
}

# For each partition its answer.
ask <- function(engine, request) {
  engine$pass <- engine$pass + 1L
  answers <- vector("list", length(engine$owner))
  answered <- logical(length(answers))
  while (!all(answered)) {
    open <- which(!answered)
    orders <- orders_for(engine, request, open)
    replies <- exchange_all(engine, orders, answer_order_here)
    lost <- which(!vapply(orders, is.null, NA) & vapply(replies, is.null, NA))
    for (i in setdiff(which(!vapply(orders, is.null, NA)), lost)) {
      check_tags(engine, orders[[i]], replies[[i]])
      check_reply(engine, i, replies[[i]])
      done <- setdiff(orders[[i]]$partitions, replies[[i]]$missing)
      answers[done] <- replies[[i]]$answers
      answered[done] <- TRUE
      engine$holds[[i]] <- setdiff(union(engine$holds[[i]], done), replies[[i]]$missing)
    }
    if (length(lost)) replace_workers(engine, lost)
  }
  answers
}

# Rows go with the order that asks for them first; what does not fit has to wait for the next.
orders_for <- function(engine, request, open) {
  lapply(seq_along(engine$workers), function(i) {
    partitions <- open[engine$owner[open] == i]
    if (!length(partitions)) return(NULL)
    new <- setdiff(partitions, engine$holds[[i]])
    later <- new[seq_along(new) > engine$batch]
    new <- setdiff(new, later)
    partitions <- setdiff(partitions, later)
    list(
      fit = engine$fit, pass = engine$pass, partitions = partitions, request = request,
      rows = stats::setNames(lapply(new, engine$describe), new),
      sharing = sum(engine$hosts[engine$alive] == engine$hosts[i])
    )
  })
}

check_reply <- function(engine, i, reply) {
  if (is.null(reply$error)) return(invisible())
  own <- grep("^fastlogit_", reply$class, value = TRUE)
  cluster_error(engine, c("fastlogit_worker_error", setdiff(own, "fastlogit_error")),
    "worker ", engine$workers[i], " reports: ", reply$error
  )
}

# The partitions of lost workers go to those that have the fewest.
replace_workers <- function(engine, lost) {
  engine$alive[lost] <- FALSE
  alive <- which(engine$alive)
  if (!length(alive)) {
    cluster_error(engine, "fastlogit_worker_lost",
      workers_told(engine$workers[lost]), " stopped answering, and no other worker is left."
    )
  }
  for (i in lost) {
    moved <- which(engine$owner == i)
    for (partition in moved) {
      load <- tabulate(engine$owner, length(engine$workers))[alive]
      engine$owner[partition] <- alive[which.min(load)]
    }
    heirs <- engine$workers[sort(unique(engine$owner[moved]))]
    fit_message("fastlogit_worker_lost",
      "Worker ", engine$workers[i], " stopped answering; its ", counted(length(moved), "partition"),
      " went to ", enumerated(heirs), "."
    )
  }
}

forget_rows <- function(engine) {
  order <- list(fit = engine$fit, pass = -1L, partitions = integer(), forget = TRUE)
  engine$fit <- NULL
  orders <- lapply(engine$alive, function(alive) if (alive) order)
  exchange_all(engine, orders, answer_order_here)
}

exchange_all <- function(engine, orders, work) {
  engine$busy <- TRUE
  replies <- exchange(engine, orders, work)
  engine$busy <- FALSE
  replies
}

# How many there are in the end.
workers_left <- function(engine) sum(engine$alive)

# A function with all that it refers to in an environment of its own, for the way to another
# process.
travelling <- function(code, ...) {
  environment(code) <- list2env(list(...), parent = environment(travelling))
  code
}

# What a worker does, see engine-worker.R: looked up by name, as it is another process's.
answer_order_here <- function(order) {
  get("answer_order", envir = asNamespace("fastlogit"), mode = "function")(order)
}

# --- words ---------------------------------------------------------------------------------------

# An error that ends a fit, with the way to go on from where it was.
cluster_error <- function(engine, class, ...) {
  fit_error(c(class, "fastlogit_cluster_error"), ..., if (!is.null(engine$checkpoint)) paste0(
    " The last pass is kept in \"", engine$checkpoint, "\": the same call with this `checkpoint` ",
    "goes on from there."
  ))
}

workers_told <- function(names) {
  paste(if (length(names) == 1L) "worker" else "workers", enumerated(names))
}

# This session, and a key unlike any other on any machine; without any use of the random numbers.
new_key <- function() {
  paste0(Sys.info()[["nodename"]], "-", Sys.getpid(), "/", basename(tempfile("")))
}
