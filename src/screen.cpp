// A model with one more column, for each of many columns.
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/fit/additions.h"
#include "memory_problem.h"
#include "r_request.h"
#include "r_result.h"

using namespace fastlogit;

namespace {

// The columns of a matrix of numbers, codes or truth values, of a dgCMatrix, or of a list of
// vectors: found before the threads begin, as they must not ask R.
class CandidateColumns {
 public:
  // kept: the rows that are read, counted from 1; NULL for all.
  CandidateColumns(SEXP columns, const Rcpp::RObject& kept) {
    if (!kept.isNULL()) kept_ = Rcpp::as<std::vector<int>>(kept);
    if (Rf_isS4(columns)) {
      add_sparse(Rcpp::S4(columns));
    } else if (TYPEOF(columns) == VECSXP) {
      const Rcpp::List list(columns);
      for (const SEXP column : list) add(column, 0, Rf_xlength(column));
    } else {
      for (int j = 0; j < Rf_ncols(columns); ++j) add(columns, j, Rf_nrows(columns));
    }
  }

  Index count() const { return static_cast<Index>(columns_.size()); }

  void read(Index j, double* out, Index rows) const {
    const Column& column = columns_[j];
    if (column.entries) return read_sparse(column, out, rows);
    for (Index i = 0; i < rows; ++i) {
      const Index from = kept_.empty() ? i : kept_[i] - 1;
      out[i] = column.doubles    ? column.doubles[from]
               : column.integers ? number_of(column.integers[from])
                                 : column.bytes[from];
    }
  }

 private:
  struct Column {
    const double* doubles = nullptr;
    const int* integers = nullptr;
    const unsigned char* bytes = nullptr;
    const int* entries = nullptr;  // rows of the doubles
    Index size = 0;                // how many of these
  };

  static double number_of(int x) {
    return x == NA_INTEGER ? std::numeric_limits<double>::quiet_NaN() : x;
  }

  void add(SEXP numbers, R_xlen_t j, R_xlen_t rows) {
    Column column;
    if (TYPEOF(numbers) == REALSXP) {
      column.doubles = REAL(numbers) + j * rows;
    } else if (TYPEOF(numbers) == RAWSXP) {
      column.bytes = RAW(numbers) + j * rows;
    } else {
      column.integers = static_cast<const int*>(DATAPTR_RO(numbers)) + j * rows;
    }
    columns_.push_back(column);
  }

  void add_sparse(const Rcpp::S4& x) {
    const Rcpp::IntegerVector row = x.slot("i");
    const Rcpp::IntegerVector start = x.slot("p");
    const Rcpp::NumericVector value = x.slot("x");
    const Rcpp::IntegerVector dim = x.slot("Dim");
    place_.assign(dim[0], kept_.empty() ? 0 : -1);
    for (Index i = 0; i < static_cast<Index>(place_.size()) && kept_.empty(); ++i) {
      place_[i] = static_cast<int>(i);
    }
    for (std::size_t i = 0; i < kept_.size(); ++i) place_[kept_[i] - 1] = static_cast<int>(i);
    for (int j = 0; j < dim[1]; ++j) {
      Column column;
      column.entries = row.begin() + start[j];
      column.doubles = value.begin() + start[j];
      column.size = start[j + 1] - start[j];
      columns_.push_back(column);
    }
  }

  void read_sparse(const Column& column, double* out, Index rows) const {
    std::fill(out, out + rows, 0.0);
    for (Index k = 0; k < column.size; ++k) {
      const int place = place_[column.entries[k]];
      if (place >= 0) out[place] = column.doubles[k];
    }
  }

  std::vector<int> kept_;
  std::vector<int> place_;  // of each row of a sparse matrix among those that are read, or -1
  std::vector<Column> columns_;
};

Tests tests_from(const std::string& name) {
  if (name == "score") return Tests::score;
  return name == "lr" ? Tests::likelihood_ratio : Tests::wald;
}

std::string name_of(const Addition& addition) {
  switch (addition.end) {
    case Addition::End::aliased:
      return "aliased";
    case Addition::End::constant:
      return "constant";
    case Addition::End::too_few:
      return "too few rows";
    case Addition::End::not_finite:
      return "not finite";
    case Addition::End::fitted:
      break;
  }
  return name_of(addition.status);
}

// What is found, a row or a column for each candidate.
class AdditionTable {
 public:
  AdditionTable(Index count, Index predictors)
      : estimate_(predictors, count),
        error_(predictors, count),
        range_(2, count),
        null_range_(2, count),
        numbers_(count, 6),
        sign_(count),
        certified_(count),
        null_certified_(count),
        status_(count),
        null_status_(count) {}

  void take(Index j, const AddedColumn& column, const Addition& fit) {
    estimate_.col(j) = fit.estimate;
    error_.col(j) = fit.error;
    range_.col(j) << fit.range.first, fit.range.second;
    null_range_.col(j) << fit.null_range.first, fit.null_range.second;
    numbers_.row(j) << static_cast<double>(column.rows), column.mean,
        static_cast<double>(column.nonzero), fit.statistic, fit.loglik, fit.null_loglik;
    sign_[j] = fit.sign;
    certified_[j] = fit.certified;
    null_certified_[j] = fit.null_certified;
    status_[j] = name_of(fit);
    null_status_[j] = fastlogit::name_of(fit.null_status);
  }

  Rcpp::List to_r() const {
    using Rcpp::Named;
    const auto flags = [](const std::vector<char>& x) {
      return Rcpp::LogicalVector(x.begin(), x.end());
    };
    return Rcpp::List::create(Named("estimate") = fastlogit::to_r(estimate_),
                              Named("std.error") = fastlogit::to_r(error_),
                              Named("range") = fastlogit::to_r(range_),
                              Named("null_range") = fastlogit::to_r(null_range_),
                              Named("numbers") = fastlogit::to_r(numbers_),
                              Named("sign") = Rcpp::wrap(sign_),
                              Named("certified") = flags(certified_),
                              Named("null_certified") = flags(null_certified_),
                              Named("status") = Rcpp::wrap(status_),
                              Named("null_status") = Rcpp::wrap(null_status_));
  }

 private:
  Matrix estimate_;
  Matrix error_;
  Matrix range_;
  Matrix null_range_;
  Matrix numbers_;
  std::vector<int> sign_;
  std::vector<char> certified_;
  std::vector<char> null_certified_;
  std::vector<std::string> status_;
  std::vector<std::string> null_status_;
};

}  // namespace

// The model of some rows with one more column, for each of the candidates: a matrix of doubles,
// integers, truth values or raw codes, a dgCMatrix, or a list of vectors. kept: which of their rows
// are the model's, or NULL. asked: list(test = "score", "lr" or "wald", rank = and intercept = of
// the model without, penalised = the share of a ridge penalty that the column has). A list of
//   estimate, std.error  a row for each predictor
//   range, null_range    2 x candidates, the least and the largest linear predictor
//   numbers              a row for each candidate: rows, mean, how many are not zero, statistic,
//                        log-likelihood, and that without the candidate
//   sign                 of an estimate that is infinite beyond doubt, else 0
//   certified, status    as refits_impl() has them, and null_certified, null_status of the model
//                        without; or what kept the candidate from being fitted
// [[Rcpp::export(rng = false)]]
Rcpp::List screen_impl(const Rcpp::List& rows,
                       const Rcpp::NumericVector& start,
                       SEXP candidates,
                       const Rcpp::RObject& kept,
                       const Rcpp::List& asked,
                       const Rcpp::List& control) {
  return interruptibly([&]() -> Rcpp::List {
    const MemoryProblem problem(rows);
    const SharedRows shared = problem.shared();
    const CandidateColumns columns(candidates, kept);
    AdditionOptions options;
    options.solver = control_from(control).options;
    options.test = tests_from(Rcpp::as<std::string>(asked["test"]));
    options.rank = Rcpp::as<int>(asked["rank"]);
    options.intercept = Rcpp::as<bool>(asked["intercept"]);
    options.penalised = Rcpp::as<double>(asked["penalised"]);
    const Index n = problem.count();
    AdditionTable table(columns.count(), problem.likelihood().predictors);
    add_each(
        shared,
        vector_from(start),
        columns.count(),
        [&](Index j, double* numbers) { columns.read(j, numbers, n); },
        options,
        problem.all_threads(),
        [&](Index j, const AddedColumn& column, const Addition& fit) {
          table.take(j, column, fit);
        });
    return table.to_r();
  });
}
