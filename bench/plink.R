# plink2 (in Debian) over the columns of a matrix of counts of 0, 1 and 2: its files, its fits and its
# table.

has_plink <- function() nzchar(Sys.which("plink2"))

# A folder with what plink2 reads: the candidates in its own format, the response, the columns of x.
write_for_plink <- function(y, x, counts, folder = tempfile("plink")) {
  dir.create(folder)
  at <- function(name) file.path(folder, name)
  people <- paste0("p", seq_along(y))
  head <- c("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", people)
  genotypes <- matrix(c("0/0", "0/1", "1/1")[counts + 1], nrow(counts))
  lines <- vapply(seq_len(ncol(counts)), function(j) {
    of <- c(1, j, colnames(counts)[j], "A", "C", ".", ".", ".", "GT", genotypes[, j])
    paste(of, collapse = "\t")
  }, "")
  writeLines(c("##fileformat=VCFv4.2", "##contig=<ID=1>",
    "##FORMAT=<ID=GT,Number=1,Type=String,Description=\"\">", paste(head, collapse = "\t"), lines
  ), at("counts.vcf"))
  write_table <- function(values, file) {
    utils::write.table(data.frame(`#IID` = people, values, check.names = FALSE), at(file),
      quote = FALSE, row.names = FALSE, sep = "\t"
    )
  }
  write_table(data.frame(ill = y + 1), "ill.txt")
  write_table(x, "covariates.txt")
  run_plink("--vcf", at("counts.vcf"), "--make-pgen", "--out", at("counts"))
  folder
}

run_plink <- function(..., threads = 1) {
  code <- system2("plink2", c(..., "--threads", threads, "--silent"), stdout = FALSE, stderr = FALSE)
  if (code != 0) stop("plink2 failed")
}

# how: "firth" or "no-firth". The folder, for estimates_of_plink().
fit_by_plink <- function(folder, how, threads = 1) {
  at <- function(name) file.path(folder, name)
  run_plink("--pfile", at("counts"), "--pheno", at("ill.txt"), "--covar", at("covariates.txt"),
    "--glm", how, "hide-covar", "omit-ref", "--out", at(how),
    threads = threads
  )
  list(folder = folder, how = how)
}

# Of the counts of the second allele.
estimates_of_plink <- function(found) {
  file <- list.files(found$folder, paste0("^", found$how, ".*glm"), full.names = TRUE)[1]
  table <- utils::read.delim(file, comment.char = "")
  log(table$OR) * ifelse(table$A1 == "C", 1, -1)
}
