// Exact conditional inference for matched sets.
#include "core/family/exact_sums.h"
#include "r_problem.h"

using namespace fastlogit;

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
