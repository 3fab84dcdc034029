# The linear programs that recession.R asks: the largest value of a linear form on the part of a
# cone that lies in a box.

# A function of an objective that returns its maximiser on {z : rows z >= 0, |z_j| <= 1}. Few of the
# rows bind, whatever their number: the program is solved on some of them, and those that its
# solution violates are added until there are none. They stay for the next objective.
cone_program <- function(rows) {
  most <- max(100L, 2L * ncol(rows))
  working <- unique(round(seq(1, nrow(rows), length.out = min(nrow(rows), most))))
  function(objective) {
    repeat {
      z <- solve_program(objective, rows[working, , drop = FALSE])
      value <- drop(rows %*% z)
      violated <- setdiff(which(value < -program_tolerance), working)
      if (length(violated) == 0L) return(z)
      worst <- violated[order(value[violated])]
      working <<- c(working, utils::head(worst, most))
    }
  }
}

# By its dual, which has a constraint for each coordinate rather than one for each row:
#   minimise sum(u + v) over rows' m + objective = u - v, with m, u and v >= 0.
# Where its multipliers are no solution, and they are checked, the program itself is solved.
solve_program <- function(objective, rows) {
  size <- length(objective)
  largest <- max(abs(objective))
  if (largest == 0) return(objective)
  objective <- objective / largest
  box <- diag(size)
  dual <- lpSolve::lp(
    "min", rep(c(0, 1), c(nrow(rows), 2L * size)), cbind(t(rows), -box, box),
    rep("=", size), -objective,
    compute.sens = 1L, scale = 0L
  )
  if (dual$status == 0L) {
    z <- -dual$duals[seq_len(size)]
    holds <- all(abs(z) <= 1 + program_tolerance) && all(rows %*% z >= -program_tolerance)
    if (holds && sum(objective * z) >= dual$objval - program_tolerance) return(z)
  }
  solve_primal(objective, rows)
}

# z = positive - negative part, as lp() knows no negative variables.
solve_primal <- function(objective, rows) {
  size <- length(objective)
  box <- diag(size)
  solved <- lpSolve::lp(
    "max", c(objective, -objective), rbind(cbind(rows, -rows), cbind(box, box)),
    rep(c(">=", "<="), c(nrow(rows), size)), rep(c(0, 1), c(nrow(rows), size)),
    scale = 0L
  )
  # The origin is always there; a program that lp() gives up shows nothing.
  if (solved$status != 0L) return(numeric(size))
  solved$solution[seq_len(size)] - solved$solution[size + seq_len(size)]
}
