#include "problem.h"

using namespace fastlogit;

// The sum of the outer products of the rows' scores, p q x p q, at the coefficients. `rows`: see
// Problem; rows in memory one by one (`pool` = FALSE).
// [[Rcpp::export(rng = false)]]
Eigen::MatrixXd meat_impl(const Rcpp::List& rows, const Eigen::VectorXd& coefficients) {
  return interruptibly([&]() -> Matrix {
    const std::unique_ptr<Problem> problem = make_problem(rows);
    Likelihood squared = problem->likelihood();
    squared.squared = true;
    const Vector scale = problem->scale().replicate(squared.predictors, 1);
    const std::unique_ptr<Evaluator> all = problem->evaluator(problem->all_threads(), squared);
    const Moments moments =
        all->evaluate(coefficients.cwiseQuotient(scale), Order::information, Curvature::expected);
    const Matrix lower = moments.information.dense();
    const Vector unscaled = problem->unit() * scale.cwiseInverse();
    return unscaled.asDiagonal() * Matrix(lower.selfadjointView<Eigen::Lower>()) *
           unscaled.asDiagonal();
  });
}
