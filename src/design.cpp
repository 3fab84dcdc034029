// Rows as R describes them: where they are, designs, responses.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

#include "callback_problem.h"
#include "core/design/sparse_columns.h"
#include "core/engine/pooled_rows.h"
#include "memory_problem.h"
#include "r_problem.h"
#include "r_response.h"

using namespace fastlogit;

namespace fastlogit {

std::unique_ptr<Problem> problem_from(const Rcpp::List& rows) {
  const ListView asked(rows);
  if (asked.has("ask")) return std::make_unique<CallbackProblem>(rows);
  if (asked.has("cache")) return cached_problem_from(rows);
  return std::make_unique<MemoryProblem>(rows);
}

}  // namespace fastlogit

// 64-bit integers, which package bit64 stores where R has doubles, as numbers.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector long_integers_impl(const Rcpp::NumericVector& x) {
  Rcpp::NumericVector numbers(Rcpp::no_init(x.size()));
  for (R_xlen_t i = 0; i < x.size(); ++i) {
    std::int64_t integer;
    std::memcpy(&integer, &x[i], sizeof integer);
    const bool missing = integer == std::numeric_limits<std::int64_t>::min();
    numbers[i] = missing ? NA_REAL : static_cast<double>(integer);
  }
  for (const char* name : {"names", "dim", "dimnames"}) {
    if (x.hasAttribute(name)) numbers.attr(name) = x.attr(name);
  }
  return numbers;
}

// Are all codes of a factor (or missing, where they may be) those of its levels?
// [[Rcpp::export(rng = false)]]
bool codes_are_valid_impl(const Rcpp::IntegerVector& codes, int levels) {
  return std::all_of(codes.begin(), codes.end(), [=](int code) {
    return (code >= 1 && code <= levels) || code == NA_INTEGER;
  });
}

// A design as the core has read it, for problems of the same rows. It stays as long as the result
// does.
// [[Rcpp::export(rng = false)]]
SEXP hold_design_impl(const Rcpp::List& design) {
  return Rcpp::XPtr<DesignInput>(new DesignInput(ListView(design)));
}

// The slots i, p and x of a dgCMatrix; where it would hold too many entries for one, how many.
// [[Rcpp::export(rng = false)]]
SEXP sparse_columns_impl(const Rcpp::List& design) {
  const SparseColumns columns(terms_from(design), Rcpp::as<double>(design["rows"]));
  const std::vector<Index> start = columns.starts();
  if (start.back() > std::numeric_limits<int>::max()) {
    return Rcpp::wrap(static_cast<double>(start.back()));
  }
  Rcpp::IntegerVector row(Rcpp::no_init(start.back()));
  Rcpp::NumericVector value(Rcpp::no_init(start.back()));
  columns.write(start, row.begin(), value.begin());
  return Rcpp::List::create(Rcpp::Named("i") = row,
                            Rcpp::Named("p") = Rcpp::IntegerVector(start.begin(), start.end()),
                            Rcpp::Named("x") = value);
}

// The design as a matrix, n x p.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix design_matrix_impl(const Rcpp::List& design) {
  const DesignInput input(design);
  Rcpp::NumericMatrix x(input.design->rows(), input.design->cols());
  Eigen::Map<Matrix> values(x.begin(), x.nrow(), x.ncol());
  input.design->copy({0, input.design->rows()}, values);
  values *= input.scale.cwiseInverse().asDiagonal();
  return x;
}

// Sums of the rows times their scores (n x q) over groups, groups x p q. group: of each row, from
// 1.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix group_scores_impl(const Rcpp::List& design,
                                      const Rcpp::NumericMatrix& score,
                                      const Rcpp::IntegerVector& group,
                                      int groups) {
  return interruptibly([&]() -> Rcpp::NumericMatrix {
    const DesignInput input(design);
    const Index p = input.design->cols();
    UserInterrupt interrupted;
    // Row after row: p q numbers of a group lie side by side until the end.
    Matrix sums = Matrix::Zero(p * score.ncol(), groups);
    Matrix block;
    const Index step = input.design->block_rows();
    for (Index begin = 0; begin < input.design->rows(); begin += step) {
      if (interrupted()) throw Interrupted();
      const Rows rows{begin, std::min(begin + step, input.design->rows())};
      block.resize(rows.size(), p);
      input.design->copy(rows, block);
      for (Index i = 0; i < rows.size(); ++i) {
        auto sum = sums.col(group[begin + i] - 1);
        for (int k = 0; k < score.ncol(); ++k) {
          sum.segment(k * p, p) += score(begin + i, k) * block.row(i).transpose();
        }
      }
    }
    const Vector unscaled = input.scale.replicate(score.ncol(), 1).cwiseInverse();
    return to_r(Matrix((unscaled.asDiagonal() * sums).transpose()));
  });
}

// For the tests: the number of each row's pattern, or NULL where patterns are not worth while.
// [[Rcpp::export(rng = false)]]
SEXP patterns_impl(const Rcpp::List& design,
                   const Rcpp::RObject& offset,
                   const Rcpp::RObject& threads) {
  const DesignInput input(design);
  const auto sources = sources_of({*input.design, Response(), data_or_null(offset), 1});
  const auto found = find_patterns(*sources, input.design->rows(), threads_from(threads), nullptr);
  if (!found) return R_NilValue;
  Rcpp::IntegerVector numbers = Rcpp::wrap(found->of_row);
  for (int& number : numbers) ++number;
  return numbers;
}

// The means of the columns of a design, zero for those that have no values but -1, 0 and 1: what
// coxph() centres its linear predictors by.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector column_means_impl(const Rcpp::List& design) {
  const DesignInput input(design);
  const Index n = input.design->rows();
  const Index step = input.design->block_rows();
  Vector sum = Vector::Zero(input.design->cols());
  Vector absolute = sum, square = sum;
  for (Index begin = 0; begin < n; begin += step) {
    const Rows rows{begin, std::min(begin + step, n)};
    Matrix x(rows.size(), sum.size());
    input.design->copy(rows, x);
    x *= input.scale.cwiseInverse().asDiagonal();
    sum += x.colwise().sum().transpose();
    absolute += x.cwiseAbs().colwise().sum().transpose();
    square += x.colwise().squaredNorm().transpose();
  }
  // Of numbers of at most 1 in size the squares are as large only where all are 0 or 1 in size.
  for (Index j = 0; j < sum.size(); ++j) {
    const bool signs = input.scale[j] == 1.0 && square[j] == absolute[j];
    sum[j] = signs ? 0.0 : sum[j] / static_cast<double>(n);
  }
  return to_r(sum);
}
