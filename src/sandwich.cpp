#include "problem.h"

using namespace fastlogit;

// The sum of the outer products of the rows' scores, p q x p q, at the coefficients. `rows`: see
// Problem; rows in memory one by one (`pool` = FALSE).
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix meat_impl(const Rcpp::List& rows, const Rcpp::NumericVector& coefficients) {
  return interruptibly([&]() -> Rcpp::NumericMatrix {
    const std::unique_ptr<Problem> problem = make_problem(rows);
    Likelihood squared = problem->likelihood();
    squared.squared = true;
    const Vector scale = problem->scale().replicate(squared.predictors, 1);
    const std::unique_ptr<Evaluator> all = problem->evaluator(problem->all_threads(), squared);
    const Moments moments = all->total(MomentsSum(
        vector_from(coefficients).cwiseQuotient(scale), Order::information, Curvature::expected));
    const Matrix lower = moments.information.dense();
    const Vector unscaled = problem->unit() * scale.cwiseInverse();
    return to_r(Matrix(unscaled.asDiagonal() * Matrix(lower.selfadjointView<Eigen::Lower>()) *
                       unscaled.asDiagonal()));
  });
}
