#include <filesystem>

#include "cache_problem.h"

using namespace fastlogit;

namespace {

using Writer = Rcpp::XPtr<RowFileWriter>;
using File = Rcpp::XPtr<RowFile>;

Index rows_of_blocks(const RowFile& file, int first, int last) {
  if (first < 1 || last < first || last > file.blocks()) {
    throw FileError("the file " + file.path() + " has no such blocks");
  }
  return file.block(last - 1).end - file.block(first - 1).begin;
}

// What an action returns, or what is wrong with its file.
template <typename Action>
SEXP or_sentence(const Action& action) {
  try {
    return action();
  } catch (const FileError& error) {
    return Rcpp::wrap(std::string(error.what()));
  }
}

}  // namespace

namespace fastlogit {

std::unique_ptr<Problem> cached_problem_from(const Rcpp::List& rows) {
  return std::make_unique<CacheProblem>(rows);
}

}  // namespace fastlogit

// A new file of rows.
// [[Rcpp::export(rng = false)]]
SEXP row_writer_impl(const std::string& path, int columns, int block_rows) {
  return Writer(new RowFileWriter(path, columns, block_rows));
}

// Adds rows: a list of vectors of doubles or integers, one for each column.
// [[Rcpp::export(rng = false)]]
double append_rows_impl(const SEXP writer, const Rcpp::List& columns) {
  std::vector<Numbers> data;
  for (const SEXP column : columns) data.push_back(numbers_of(column).front());
  Writer file(writer);
  file->append(data, Rf_xlength(columns[0]));
  return static_cast<double>(file->rows());
}

// [[Rcpp::export(rng = false)]]
void finish_rows_impl(const SEXP writer, const Rcpp::RawVector& notes) {
  Writer file(writer);
  file->finish(std::vector<char>(notes.begin(), notes.end()));
}

// Lets go of a file, finished or not.
// [[Rcpp::export(rng = false)]]
void close_writer_impl(const SEXP writer) {
  Writer(writer).release();
}

// [[Rcpp::export(rng = false)]]
SEXP row_file_impl(const std::string& path) {
  return File(new RowFile(path));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List row_file_facts_impl(const SEXP file) {
  const File known(file);
  const std::vector<char>& notes = known->notes();
  return Rcpp::List::create(Rcpp::Named("rows") = static_cast<double>(known->rows()),
                            Rcpp::Named("columns") = static_cast<double>(known->columns()),
                            Rcpp::Named("block_rows") = static_cast<int>(known->block_rows()),
                            Rcpp::Named("blocks") = static_cast<double>(known->blocks()),
                            Rcpp::Named("notes") = Rcpp::RawVector(notes.begin(), notes.end()));
}

// Some columns of the blocks first, ..., last, as they are in the file.
// [[Rcpp::export(rng = false)]]
Rcpp::List stored_columns_impl(const SEXP file,
                               const Rcpp::IntegerVector& columns,
                               int first,
                               int last) {
  const File known(file);
  RowFileReader reader(*known);
  Rcpp::List out(columns.size());
  for (R_xlen_t j = 0; j < columns.size(); ++j) {
    Rcpp::NumericVector numbers(Rcpp::no_init(rows_of_blocks(*known, first, last)));
    double* at = numbers.begin();
    for (int number = first - 1; number < last; ++number) {
      reader.read(number, columns[j] - 1, at);
      at += known->block(number).size();
    }
    out[j] = numbers;
  }
  return out;
}

// What an object keeps of every row, for the rows of some blocks.
// [[Rcpp::export(rng = false)]]
Rcpp::List stored_predictors_impl(const Rcpp::List& rows,
                                  const Rcpp::NumericVector& coefficients,
                                  int first,
                                  int last) {
  const CacheProblem problem(rows);
  const Index q = problem.shown_predictors();
  const Index n = rows_of_blocks(problem.file(), first, last);
  const Vector beta = vector_from(coefficients).cwiseQuotient(problem.coefficient_scale());
  Matrix eta(n, q);
  Vector weight(q == 1 && !problem.family().cuts() ? n : 0);
  Index done = 0;
  for (int number = first - 1; number < last; ++number) {
    const Index m = problem.file().block(number).size();
    problem.at_block(
        number, beta, eta.middleRows(done, m), weight.segment(done, weight.size() ? m : 0));
    done += m;
  }
  return Rcpp::List::create(Rcpp::Named("eta") = to_r(eta), Rcpp::Named("weights") = to_r(weight));
}

// The design of the rows of some blocks.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix stored_design_impl(const Rcpp::List& rows, int first, int last) {
  const CacheProblem problem(rows);
  Matrix x(rows_of_blocks(problem.file(), first, last), problem.design_columns());
  Index done = 0;
  for (int number = first - 1; number < last; ++number) {
    const Index m = problem.file().block(number).size();
    problem.copy_block(number, x.middleRows(done, m));
    done += m;
  }
  return to_r(x);
}

// Puts a file with these bytes in the place of what has the name. A sentence where that cannot be.
// [[Rcpp::export(rng = false)]]
SEXP replace_file_impl(const std::string& path, const Rcpp::RawVector& bytes) {
  return or_sentence([&]() -> SEXP {
    NewFile file(path);
    file.write(bytes.begin(), bytes.size());
    file.publish(NewFile::Older::replaced);
    return R_NilValue;
  });
}

// The bytes of a file; none where there are more than `most`. A sentence where it cannot be read.
// [[Rcpp::export(rng = false)]]
SEXP read_file_impl(const std::string& path, double most) {
  return or_sentence([&]() -> SEXP {
    const OldFile file(path);
    if (static_cast<double>(file.size()) > most) return Rcpp::RawVector(0);
    Rcpp::RawVector bytes(Rcpp::no_init(file.size()));
    if (file.read(0, bytes.begin(), bytes.size())) return bytes;
    throw FileError("the file " + path + " changed while it was read");
  });
}

// A number that tells one sequence of bytes from another, in 16 letters.
// [[Rcpp::export(rng = false)]]
std::string checksum_impl(const Rcpp::RawVector& bytes) {
  char text[17];
  std::snprintf(text,
                sizeof text,
                "%016llx",
                static_cast<unsigned long long>(checksum(bytes.begin(), bytes.size())));
  return text;
}

// The bytes that are free on the disk of a folder; NA where that is not known.
// [[Rcpp::export(rng = false)]]
double free_disk_impl(const std::string& folder) {
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(folder, error);
  return error ? NA_REAL : static_cast<double>(space.available);
}
