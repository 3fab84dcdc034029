# What the ladder writes: csv, markdown, pictures, and the table of README.md.

# --- words ---------------------------------------------------------------------------------------

short <- function(x, digits = 3) {
  ifelse(is.na(x), "", trimws(formatC(x, digits = digits, format = "fg", big.mark = ",")))
}

as_markdown <- function(table) {
  row <- function(cells) paste0("| ", paste(cells, collapse = " | "), " |")
  rule <- ifelse(names(table) %in% c("peer", "notes", "what", "times longer"), "---", "---:")
  rows <- apply(as.matrix(table), 1, row)
  c(row(names(table)), paste0("|", paste(rule, collapse = "|"), "|"), unname(rows))
}

describe_score <- function(results) {
  shown <- ifelse(is.na(results$score), "", sprintf("%.0e", results$score))
  ifelse(results$converged %in% FALSE, paste0("**", shown, "**"), shown)
}

describe_notes <- function(results) {
  fewer <- results$rows < max(results$rows)
  tighter <- results$tolerance < results$default_tolerance
  notes <- list(
    results$failure,
    ifelse(fewer, paste("measured on", short(results$rows), "rows"), ""),
    ifelse(tighter, sprintf("tolerance %g", results$tolerance), ""),
    c(formula = "", matrix = "from model.matrix()", sparse = "", arrays = "design made beforehand",
      files = "files made beforehand")[
      results$interface
    ],
    ifelse(results$inference, "", "no standard errors"), results$note
  )
  apply(do.call(cbind, notes), 1, function(each) paste(trimws(each[nzchar(each)]), collapse = "; "))
}

describe_workload <- function(results) {
  results <- results[order(results$ratio), ]
  table <- data.frame(
    peer = results$peer,
    seconds = short(results$seconds),
    range = ifelse(results$rounds > 1,
      paste(short(results$fastest), "-", short(results$slowest)), ""
    ),
    rounds = results$rounds,
    ratio = short(results$ratio),
    score = describe_score(results),
    "memory MB" = ifelse(is.na(results$resident_mb), "", sprintf("%.0f", results$resident_mb)),
    notes = describe_notes(results),
    check.names = FALSE
  )
  first <- results[1, ]
  c(
    sprintf("## %s: %s", first$workload, workloads[[first$workload]]$title), "",
    sprintf("%s; BLAS %s; %s.", first$machine, first$blas, first$date), "",
    as_markdown(table), ""
  )
}

absent_peers <- function(absent) {
  listed <- sprintf("%s (%s)", names(absent), unlist(absent))
  if (length(absent) > 0) c("", paste0("Left out: ", paste(listed, collapse = "; "), "."))
}

by_workload <- function(results) {
  split(results, factor(results$workload, unique(results$workload)))
}

# As many as the workload with the fewest has: of calls over 5 s there is but one.
describe_rounds <- function(results) {
  fewest <- min(vapply(by_workload(results), function(of) max(of$rounds), 0))
  if (fewest > 1) sprintf("medians of %d interleaved rounds", fewest) else "one round"
}

describe_results <- function(results, absent) {
  c(
    "# The performance ladder", "",
    paste0("Whole calls, data frame in and object out; ", describe_rounds(results), ", each call in a"),
    "fresh process. Ratio: seconds per row over those of fastlogit with all cores. Score: the",
    "largest standardised score at the solution; **bold** where it is not below 1e-6: the peer has",
    "not converged. Memory: the peak of resident memory above that before the call. Details:",
    "`bench/README.md`.", absent_peers(absent), "",
    unlist(lapply(by_workload(results), describe_workload)), describe_hardware(results)
  )
}

# --- README.md -----------------------------------------------------------------------------------

# The workloads that the peers of one table can fit.
of_shared_peers <- c(
  "small", "rows", "middle", "columns", "factors", "repeated", "sparse", "classes"
)

# A row a peer, whatever its functions are called; a column a workload. Cells: seconds of fastlogit,
# else the ratio, in parentheses where it has not converged.
summarise_results <- function(results) {
  results$peer <- sub("fastlogit_fit|fastmultinom", "fastlogit", results$peer)
  results$peer <- sub("(glmnet|glm4),.*", "\\1", results$peer)
  results$peer <- sub("statsmodels (MN)?Logit", "statsmodels Logit, MNLogit", results$peer)
  own <- startsWith(results$peer, "fastlogit")
  cell <- ifelse(own | is.na(results$ratio), paste(short(results$seconds), "s"),
    short(results$ratio, 2)
  )
  cell <- ifelse(results$converged %in% FALSE, paste0("(", cell, ")"), cell)
  cell <- ifelse(nzchar(results$failure), "failed", cell)
  cell <- ifelse(startsWith(results$failure, "stopped"), "too slow", cell)
  peers <- unique(results$peer)
  columns <- unique(results$workload)
  at <- cbind(match(results$peer, peers), match(results$workload, columns))
  table <- matrix("", length(peers), length(columns), dimnames = list(NULL, columns))
  table[at] <- cell
  data.frame(peer = peers, table, check.names = FALSE)
}

# A row a workload, where each has peers of its own: seconds of fastlogit, and the ratios of the
# others, quickest first.
summarise_others <- function(results) {
  told <- lapply(by_workload(results), function(of) {
    cell <- ifelse(of$converged %in% FALSE, "(%s %s)", "%s %s")
    theirs <- order(of$ratio)
    theirs <- theirs[colour_of(of)[theirs] != colours[["ours"]]]
    ratios <- ifelse(nzchar(of$failure), ifelse(startsWith(of$failure, "stopped"), "too slow",
      "failed"), short(of$ratio, 2))
    data.frame(
      what = workloads[[of$workload[1]]]$title, seconds = paste(short(of$seconds[1]), "s"),
      `one thread` = paste(short(of$seconds[2]), "s"),
      `times longer` = toString(sprintf(cell, of$peer, ratios)[theirs]), check.names = FALSE
    )
  })
  do.call(rbind, told)
}

# What the columns of the table are.
describe_columns <- function(results) {
  names <- unique(results$workload)
  titles <- vapply(workloads[names], function(workload) workload$title, "")
  c("", "The columns (n rows, p coefficients):", "", sprintf("* *%s*: %s", names, titles))
}

# The lines between the two markers.
update_readme <- function(results, file) {
  lines <- readLines(file, encoding = "UTF-8")
  begin <- match("<!-- ladder: begin -->", lines)
  end <- match("<!-- ladder: end -->", lines)
  if (anyNA(c(begin, end))) {
    return(invisible())
  }
  machine <- vapply(split(results, results$date), function(of) {
    sprintf("%s; BLAS %s; %s; %s.", of$machine[1], of$blas[1], of$date[1], describe_rounds(of))
  }, "")
  shared <- results$workload %in% of_shared_peers
  table <- c(
    as_markdown(summarise_results(results[shared, ])), describe_columns(results[shared, ]), "",
    if (!all(shared)) c(as_markdown(summarise_others(results[!shared, ])), ""), machine
  )
  writeLines(c(lines[seq_len(begin)], table, lines[end:length(lines)]), file, useBytes = TRUE)
}

# --- the picture ----------------------------------------------------------------------------------

colours <- c(ours = "#0072B2", r = "#444444", python = "#E69F00", yardstick = "#999999")

own_names <- c(
  "fastlogit", "fastlogit_fit", "fastmultinom", "fastordinal", "fastclogit", "bootstrap", "screen"
)

colour_of <- function(results) {
  kind <- ifelse(results$interface == "arrays", "python", "r")
  kind[sub(", 1 thread", "", results$peer) %in% own_names] <- "ours"
  kind[startsWith(results$peer, "crossprod")] <- "yardstick"
  colours[kind]
}

# `lines`: the peers of the longer of two neighbours, so that these stand at equal distances.
draw_workload <- function(results, range, lines) {
  results <- results[order(-results$ratio, na.last = FALSE), ]
  at <- seq_len(nrow(results)) + lines - nrow(results)
  colour <- colour_of(results)
  plot(NULL,
    xlim = range, ylim = c(0.5, lines + 0.5), log = "x", axes = FALSE, xlab = "", ylab = ""
  )
  ticks <- 10^seq(ceiling(log10(range[1])), floor(log10(range[2])))
  abline(v = ticks, col = "grey90")
  abline(v = 1, col = colours[["ours"]])
  axis(1, at = ticks, labels = short(ticks), lwd = 0, line = -1)
  axis(2, at = at, labels = results$peer, las = 1, tick = FALSE, line = -0.8)
  segments(1, at, results$ratio, at, col = colour, lwd = 3)
  points(results$ratio, at,
    pch = ifelse(results$converged %in% FALSE, 21, 19), col = colour, bg = "white",
    cex = 1.4, lwd = 2
  )
  failed <- nzchar(results$failure)
  alone <- is.na(results$ratio)
  measured <- ifelse(alone, paste(short(results$seconds), "s"), short(results$ratio, 2))
  text(pmax(results$ratio, 1, na.rm = TRUE), at,
    ifelse(failed, substr(results$failure, 1, 48), measured),
    pos = 4, cex = 0.85, col = ifelse(failed, "#999999", colour)
  )
  title(main = workloads[[results$workload[1]]]$title, adj = 0, cex.main = 1, line = 1.3)
  mtext(describe_own_times(results), adj = 0, line = 0.2, cex = 0.7, col = colours[["ours"]])
}

describe_own_times <- function(results) {
  own <- results[colour_of(results) == colours[["ours"]] & !is.na(results$seconds), ]
  own <- own[order(own$seconds), ]
  paste0(own$peer, " ", short(own$seconds), " s", recycle0 = TRUE, collapse = ";  ")
}

draw_ladder <- function(results, file) {
  drawn <- by_workload(results)
  pair <- (seq_along(drawn) + 1) %/% 2
  lines <- as.vector(tapply(vapply(drawn, nrow, 0L), pair, max))
  grDevices::png(file,
    width = 2000, height = 150 + 42 * sum(lines + 5), res = 140,
    type = if (capabilities("cairo")) "cairo" else getOption("bitmapType")
  )
  on.exit(grDevices::dev.off())
  layout(matrix(seq_len(2 * max(pair)), ncol = 2, byrow = TRUE), heights = lines + 5)
  par(mar = c(2, 11, 3, 1), oma = c(0, 0, 5, 0), cex = 0.8)
  range <- range(1, results$ratio, na.rm = TRUE) * c(0.8, 3)
  for (i in seq_along(drawn)) draw_workload(drawn[[i]], range, lines[pair[i]])
  mtext("Time of a call, in units of fastlogit's with all cores (log scale)",
    outer = TRUE, line = 2.7, adj = 0.01, font = 2
  )
  mtext(
    paste0(
      "Open circle: the peer did not reach the maximum (standardised score above 1e-6). ",
      "Blue: fastlogit; dark: R; orange: Python; grey: X'X once, a yardstick."
    ),
    outer = TRUE, line = 1.2, adj = 0.01, cex = 0.75
  )
}

# --- the chart of README.md -----------------------------------------------------------------------

# Seconds of a million rows, by fastlogit and by the packages of R that are best known for it.
draw_seconds <- function(results, file) {
  peers <- c("bigglm", "glm", "speedglm", "parglm", "fastglm", "fastlogit")
  drawn <- results[results$workload == "rows" & !nzchar(results$failure), ]
  drawn <- drawn[match(peers, drawn$peer, nomatch = 0), ]
  grDevices::png(file,
    width = 1400, height = 620, res = 180,
    type = if (capabilities("cairo")) "cairo" else getOption("bitmapType")
  )
  on.exit(grDevices::dev.off())
  par(mar = c(2, 6, 3, 3), las = 1, mgp = c(2, 0.5, 0))
  at <- barplot(drawn$seconds,
    horiz = TRUE, names.arg = drawn$peer, border = NA, axes = FALSE, space = 0.35,
    xlim = c(0, 1.12 * max(drawn$seconds)),
    col = ifelse(drawn$peer == "fastlogit", colours[["ours"]], "#8a8f94")
  )
  text(drawn$seconds, at, paste(short(drawn$seconds, 2), "s"), pos = 4)
  title(paste0("Seconds of a call: ", workloads$rows$title), adj = 0, cex.main = 1.05)
}

# --- all -----------------------------------------------------------------------------------------

# Results of earlier runs of other workloads stay.
merge_results <- function(new, file) {
  old <- if (file.exists(file)) utils::read.csv(file) else new[0, ]
  old$failure[is.na(old$failure)] <- ""
  old$note[is.na(old$note)] <- ""
  old[setdiff(names(new), names(old))] <- rep(NA, nrow(old))
  all <- rbind(old[!old$workload %in% new$workload, names(new)], new)
  all[order(match(all$workload, names(workloads))), ]
}

# The chart and the table of README.md.
renew_front_page <- function(results) {
  draw_seconds(results, file.path(bench, "..", "man", "figures", "seconds.png"))
  update_readme(results, file.path(bench, "..", "README.md"))
}

# An optimised BLAS quickens some peers: its results are kept apart.
write_report <- function(results, absent) {
  folder <- file.path(bench, "results")
  dir.create(folder, showWarnings = FALSE)
  optimised <- !grepl("^libblas|^libRblas", results$blas[1])
  stem <- file.path(folder, if (optimised) "ladder-openblas" else "ladder")
  results <- merge_results(results, paste0(stem, ".csv"))
  utils::write.csv(results, paste0(stem, ".csv"), row.names = FALSE)
  text <- describe_results(results, absent)
  writeLines(text, paste0(stem, ".md"))
  draw_ladder(results, paste0(stem, ".png"))
  if (!optimised) renew_front_page(results)
  cat(text, sep = "\n")
}
