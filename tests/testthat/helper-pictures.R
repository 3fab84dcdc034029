# The value of `code`, which draws to a file that nobody reads. inches: of the page.
drawn <- function(code, inches = c(7, 7)) {
  file <- tempfile(fileext = ".pdf")
  grDevices::pdf(file, inches[1], inches[2])
  on.exit({
    grDevices::dev.off()
    unlink(file)
  })
  code
}

# How many pages `code` draws, and the bytes of them all.
pages_drawn <- function(code, inches = c(7, 7)) {
  folder <- tempfile()
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE))
  grDevices::svg(file.path(folder, "%03d.svg"), inches[1], inches[2])
  force(code)
  grDevices::dev.off()
  files <- list.files(folder, full.names = TRUE)
  list(pages = length(files), bytes = sum(file.size(files)))
}

births_to_draw <- function() {
  skip_if_not_installed("MASS")
  d <- transform(
    MASS::birthwt, race = factor(race, labels = c("white", "black", "other")), smoke = smoke == 1
  )
  d$race_long <- d$race
  levels(d$race_long) <- paste("mothers who say of themselves that they are", levels(d$race))
  d
}

# To be kept, whatever the last digits.
told_roughly <- function(data) {
  numbers <- vapply(data, is.numeric, NA)
  data[numbers] <- lapply(data[numbers], round, 3)
  data[unique(round(seq(1, nrow(data), length.out = min(nrow(data), 12)))), ]
}
