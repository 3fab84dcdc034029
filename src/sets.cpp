// Matched sets: their rows' probabilities, and exact conditional inference.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "core/family/conditional.h"
#include "core/family/exact_sums.h"
#include "core/linalg/ranks.h"
#include "r_design.h"
#include "r_problem.h"

using namespace fastlogit;

// The rows' linear predictors, n x q. `rows`: see Problem, in memory.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix predictors_impl(const Rcpp::List& rows,
                                    const Rcpp::NumericVector& coefficients) {
  return interruptibly([&]() -> Rcpp::NumericMatrix {
    const std::unique_ptr<Problem> problem = problem_from(rows);
    Matrix eta(problem->count(), problem->family().predictors());
    Vector no_weights;
    problem->at_rows(
        vector_from(coefficients).cwiseQuotient(problem->coefficient_scale()), eta, no_weights);
    return to_r(eta);
  });
}

// The log-likelihood given the number of cases in each set, and the `residual` of each row: what is
// observed less expected, zero where a set does not vary. set: numbers that never fall; weight: of
// the sets, by row, or NULL; residuals are times these.
// [[Rcpp::export(rng = false)]]
Rcpp::List conditional_impl(const Rcpp::NumericVector& eta,
                            const Rcpp::NumericVector& y,
                            const Rcpp::IntegerVector& set,
                            const Rcpp::RObject& weights) {
  Response response;
  response.y = y.begin();
  response.set = set.begin();
  response.weight = data_or_null(weights);
  Matrix residual(eta.size(), 1), weight;
  const Eigen::Map<const Matrix> at(eta.begin(), eta.size(), 1);
  const double loglik = ConditionalFamily().evaluate(
      at, response, Order::gradient, Curvature::expected, residual, weight);
  return Rcpp::List::create(Rcpp::Named("loglik") = loglik,
                            Rcpp::Named("residual") = to_r(Vector(residual)));
}

// x: whole numbers, rows x columns, the statistic's last; set: numbers that never fall; offset: a
// number for each row. A list of `value` and `log_ways`, empty where there is more than `most`
// work, and of `work`.
// [[Rcpp::export(rng = false)]]
Rcpp::List exact_sums_impl(const Rcpp::NumericMatrix& x,
                           const Rcpp::NumericVector& y,
                           const Rcpp::IntegerVector& set,
                           const Rcpp::NumericVector& offset,
                           double most) {
  return interruptibly([&]() -> Rcpp::List {
    std::vector<SumSet> sets;
    WholeNumbers observed(x.ncol(), 0);
    for (int i = 0; i < x.nrow(); ++i) {
      if (i == 0 || set[i] != set[i - 1]) sets.push_back({{}, 0});
      SumRow row{WholeNumbers(x.ncol()), offset[i]};
      for (int j = 0; j < x.ncol(); ++j) row.x[j] = static_cast<std::int64_t>(x(i, j));
      if (y[i] > 0) {
        ++sets.back().cases;
        for (int j = 0; j < x.ncol(); ++j) observed[j] += row.x[j];
      }
      sets.back().rows.push_back(std::move(row));
    }
    UserInterrupt asked;
    bool stop = false;
    const ExactDistribution found =
        ExactSums(std::move(sets), std::move(observed), most).find([&] { return stop = asked(); });
    if (stop) throw Interrupted();
    std::vector<double> value, log_ways;
    for (const auto& ways : found.log_ways) {
      value.push_back(static_cast<double>(ways.first));
      log_ways.push_back(ways.second);
    }
    return Rcpp::List::create(Rcpp::Named("value") = value,
                              Rcpp::Named("log_ways") = log_ways,
                              Rcpp::Named("work") = found.work);
  });
}

namespace {

// Of each row the number of its values.
Ranks ranks_of(const Rcpp::List& variables) {
  Ranks ranks;
  for (R_xlen_t j = 0; j < variables.size(); ++j) {
    const SEXP x = variables[j];
    const Index n = Rf_xlength(x);
    Ranks of_one = TYPEOF(x) == REALSXP
                       ? ranks_by(n, [v = REAL(x)](Index i) { return key_of(v[i]); })
                       : ranks_by(n, [v = INTEGER(x)](Index i) { return key_of(v[i]); });
    ranks = j == 0 ? std::move(of_one) : ranks_of_pairs(ranks, of_one);
  }
  return ranks;
}

Rcpp::IntegerVector from_one(const std::vector<int>& from_zero) {
  Rcpp::IntegerVector out(Rcpp::no_init(static_cast<R_xlen_t>(from_zero.size())));
  std::transform(from_zero.begin(), from_zero.end(), out.begin(), [](int i) { return i + 1; });
  return out;
}

// What is known of a set before its rows are put together.
struct SetFacts {
  int first = -1;  // row
  int rows = 0;
  int cases = 0;
  int place = 0;   // of its next row among those of the sets that vary
  int number = 0;  // among these
};

}  // namespace

// Of each row the number of the set that its values make, from 1 in their order. variables: whole
// or other numbers, of each row.
// [[Rcpp::export(rng = false)]]
Rcpp::IntegerVector set_numbers_impl(const Rcpp::List& variables) {
  return from_one(ranks_of(variables).of);
}

// Which rows make the sets. inside: which rows count, NULL for all of them. A list of `of_row`, the
// number of each row's set; of the sets that vary the `rows`, set by set (NULL where that is all
// rows in their order), for each of these `number`, counting only such sets, and by set `size` and
// `cases`; `dropped`, how many do not vary for want of rows, of cases, of others, and of weight;
// and `uneven`: two rows of a set whose weights differ.
// [[Rcpp::export(rng = false)]]
Rcpp::List sets_impl(const Rcpp::List& variables,
                     const Rcpp::NumericVector& y,
                     const Rcpp::RObject& weights,
                     const Rcpp::RObject& inside) {
  const int n = static_cast<int>(y.size());
  const double* const weight = data_or_null(weights);
  const double* const counts = data_or_null(inside);
  const Ranks ranks = ranks_of(variables);
  std::vector<SetFacts> sets(ranks.count);
  Rcpp::IntegerVector uneven;
  for (int i = 0; i < n; ++i) {
    SetFacts& set = sets[ranks.of[i]];
    if (set.first < 0) {
      set.first = i;
    } else if (weight && weight[i] != weight[set.first] && uneven.size() == 0) {
      uneven = Rcpp::IntegerVector::create(set.first + 1, i + 1);
    }
    if (counts && !(counts[i] > 0.0)) continue;
    ++set.rows;
    set.cases += y[i] > 0.0;
  }
  std::vector<int> size, cases;
  Rcpp::IntegerVector dropped(4);
  int used = 0;
  for (SetFacts& set : sets) {
    const bool weightless = weight && !(weight[set.first] > 0.0);
    if (weightless || set.cases == 0 || set.cases == set.rows) {
      set.number = -1;
      if (weightless) {
        ++dropped[3];
      } else if (set.rows > 0) {
        ++dropped[set.rows == 1 ? 0 : set.cases == 0 ? 1 : 2];
      }
      continue;
    }
    set.place = used;
    used += set.rows;
    size.push_back(set.rows);
    cases.push_back(set.cases);
    set.number = static_cast<int>(size.size());
  }
  Rcpp::IntegerVector rows(Rcpp::no_init(used)), number(Rcpp::no_init(used));
  bool in_order = used == n;
  for (int i = 0; i < n; ++i) {
    SetFacts& set = sets[ranks.of[i]];
    if (set.number < 0 || (counts && !(counts[i] > 0.0))) continue;
    const int at = set.place++;
    in_order = in_order && at == i;
    rows[at] = i + 1;
    number[at] = set.number;
  }
  return Rcpp::List::create(Rcpp::Named("of_row") = from_one(ranks.of),
                            Rcpp::Named("rows") = in_order ? SEXP(R_NilValue) : SEXP(rows),
                            Rcpp::Named("number") = number,
                            Rcpp::Named("size") = size,
                            Rcpp::Named("cases") = cases,
                            Rcpp::Named("dropped") = dropped,
                            Rcpp::Named("uneven") = uneven);
}

// How far the rows of the same set are apart in each column, at most, as part of the column's
// largest absolute value. set: numbers that never fall.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector spread_within_impl(const Rcpp::List& design, const Rcpp::IntegerVector& set) {
  const DesignInput input(design);
  const Index rows = input.design->rows();
  const Index columns = input.design->cols();
  Vector first(columns), most = Vector::Zero(columns), largest = Vector::Zero(columns);
  constexpr Index kRows = 1024;
  Matrix block(kRows, columns);
  for (Index begin = 0; begin < rows; begin += kRows) {
    const Index here = std::min(kRows, rows - begin);
    input.design->copy({begin, begin + here}, block.topRows(here));
    for (Index j = 0; j < columns; ++j) {
      for (Index k = 0; k < here; ++k) {
        const Index i = begin + k;
        if (i == 0 || set[i] != set[i - 1]) first[j] = block(k, j);
        most[j] = std::max(most[j], std::abs(block(k, j) - first[j]));
        largest[j] = std::max(largest[j], std::abs(block(k, j)));
      }
    }
  }
  return to_r(Vector(most.array() / largest.array().max(std::numeric_limits<double>::min())));
}

// Of rows that are pairs, one after the other: the case's less the other's. y: of the rows.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix pair_differences_impl(const Rcpp::List& design, const Rcpp::NumericVector& y) {
  const DesignInput input(design);
  const Index pairs = input.design->rows() / 2;
  const Index columns = input.design->cols();
  Rcpp::NumericMatrix differences(Rcpp::no_init(pairs, columns));
  constexpr Index kPairs = 512;
  Matrix block(2 * kPairs, columns);
  for (Index begin = 0; begin < pairs; begin += kPairs) {
    const Index here = std::min(kPairs, pairs - begin);
    input.design->copy({2 * begin, 2 * (begin + here)}, block.topRows(2 * here));
    for (Index j = 0; j < columns; ++j) {
      const double unit = 1.0 / input.scale[j];
      double* const out = &differences(0, j) + begin;
      for (Index k = 0; k < here; ++k) {
        const double sign = y[2 * (begin + k)] > 0.0 ? unit : -unit;
        out[k] = sign * (block(2 * k, j) - block(2 * k + 1, j));
      }
    }
  }
  return differences;
}
