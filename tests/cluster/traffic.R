# What a pass costs on the wire and on the clock, at p = 100: the counters of the hosts' links
# around each question of a fit.
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1]))
source(file.path(here, "checks.R"))

# Bytes to and from the hosts.
counters <- function() {
  read <- function(what) {
    files <- sprintf("/sys/class/net/fch%d/statistics/%s_bytes", 1:2, what)
    sum(vapply(files, function(file) as.numeric(readLines(file)), 0))
  }
  c(sent = read("tx"), received = read("rx"))
}

p <- 100
n <- 1e5
set.seed(1)
x <- matrix(rnorm(n * (p - 1)), n)
wide <- data.frame(y = rbinom(n, 1, plogis(x %*% rnorm(p - 1, 0, 0.05))), x)

passes <- list()
wrap_questions(function(engine, orders, ask) {
  before <- counters()
  began <- proc.time()[["elapsed"]]
  replies <- ask()
  seconds <- proc.time()[["elapsed"]] - began
  request <- unlist(Filter(Negate(is.null), orders)[[1]]$request[c("what", "order")])
  traffic <- counters() - before
  passes[[length(passes) + 1]] <<- data.frame(
    question = paste(c(request, ""), collapse = " "), partitions = length(engine$owner),
    sent = traffic[["sent"]], received = traffic[["received"]], seconds = seconds
  )
  replies
})

measure <- function(name, cluster) {
  passes <<- list()
  fit <- fastlogit(y ~ ., data = wide, workers = cluster)
  table <- do.call(rbind, passes)
  cat("\n", name, ", n = ", n, ", p = ", p, "\n", sep = "")
  print(table, row.names = FALSE)
  whole <- table[grepl("^moments 2", table$question), ]
  expected <- 8 * (p * (p + 1) / 2 + p + 2)
  each <- max(whole$received / whole$partitions)
  check(
    "a partition sends its sums and little else", each < 1.25 * expected,
    sprintf(" (%.0f bytes on the wire for %.0f of numbers)", each, expected)
  )
  fit
}

workers <- mirai_workers(
  url = "tcp://10.78.0.1:0",
  remote = mirai::ssh_config(paste0("ssh://", addresses), command = file.path(folder, "ssh"))
)
one <- measure("mirai over ssh", workers)
close(workers)
cluster <- parallel::makePSOCKcluster(addresses,
  master = "10.78.0.1", rshcmd = file.path(folder, "ssh")
)
two <- measure("PSOCK over ssh", cluster)
parallel::stopCluster(cluster)
check("the same bits from both", identical(coef(one), coef(two)))
finish()
