// Matched sets: their rows' probabilities, and exact conditional inference.
#include "core/family/conditional.h"
#include "core/family/exact_sums.h"
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

// What is observed less expected, of each row given the number of cases in its set; zero where a
// set does not vary. set: numbers that never fall.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector conditional_residuals_impl(const Rcpp::NumericVector& eta,
                                               const Rcpp::NumericVector& y,
                                               const Rcpp::IntegerVector& set) {
  Response response;
  response.y = y.begin();
  response.set = set.begin();
  Matrix residual(eta.size(), 1), weight;
  const Eigen::Map<const Matrix> at(eta.begin(), eta.size(), 1);
  ConditionalFamily().evaluate(
      at, response, Order::gradient, Curvature::expected, residual, weight);
  return to_r(Vector(residual));
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

template <typename Number>
Rcpp::List sets_of(const Number* value,
                   R_xlen_t n,
                   const int* at,
                   const double* y,
                   const double* weight,
                   const double* inside) {
  Rcpp::IntegerVector of_row(Rcpp::no_init(n));
  std::vector<double> size, rows, cases, weights;
  double uneven = 0.0;  // the row whose weight is not that of its set
  R_xlen_t before = 0;
  for (R_xlen_t k = 0; k < n; ++k) {
    const R_xlen_t i = at ? at[k] - 1 : k;
    const double w = weight ? weight[i] : 1.0;
    if (k == 0 || value[i] != value[before]) {
      for (auto* of_sets : {&size, &rows, &cases}) of_sets->push_back(0.0);
      weights.push_back(w);
    } else if (w != weights.back() && uneven == 0.0) {
      uneven = static_cast<double>(i + 1);
    }
    before = i;
    const double counts = inside ? inside[i] : 1.0;
    size.back() += 1.0;
    rows.back() += counts;
    cases.back() += counts * y[i];
    of_row[i] = static_cast<int>(size.size());
  }
  return Rcpp::List::create(Rcpp::Named("of_row") = of_row,
                            Rcpp::Named("size") = size,
                            Rcpp::Named("rows") = rows,
                            Rcpp::Named("cases") = cases,
                            Rcpp::Named("weights") = weights,
                            Rcpp::Named("uneven") = uneven);
}

}  // namespace

// Of rows, read in the order `at` (NULL: as they are), in which equal values follow one another:
// the number of each row's set; and by set how many rows it has, how many of them are inside, how
// many of these are cases, and its weight. uneven: a row whose weight is not that of its set, or 0.
// [[Rcpp::export(rng = false)]]
Rcpp::List sets_impl(const Rcpp::RObject& values,
                     const Rcpp::RObject& at,
                     const Rcpp::NumericVector& y,
                     const Rcpp::RObject& weights,
                     const Rcpp::RObject& inside) {
  const int* const order = at.isNULL() ? nullptr : INTEGER(at);
  const double* const w = data_or_null(weights);
  const double* const counts = data_or_null(inside);
  if (TYPEOF(values) == REALSXP) {
    return sets_of(REAL(values), y.size(), order, y.begin(), w, counts);
  }
  return sets_of(INTEGER(values), y.size(), order, y.begin(), w, counts);
}
