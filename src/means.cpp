// Average predictions and effects: means over the rows at coefficients of others' choice.
#include "core/sums/means.h"

#include "r_problem.h"

using namespace fastlogit;

// The sums of the rows' means times their weights, K outcomes, at the points (p q x m), and of
// their derivatives at the first point along the directions (p q x d). A list of weight, the sum of
// the weights; values, K x (m + d); gradients, p q x K (m + d). `rows`: see Problem.
// [[Rcpp::export(rng = false)]]
Rcpp::List means_impl(const Rcpp::List& rows,
                      const Rcpp::NumericMatrix& points,
                      const Rcpp::NumericMatrix& directions) {
  return interruptibly([&]() -> Rcpp::List {
    const std::unique_ptr<Problem> problem = problem_from(rows);
    const Likelihood& likelihood = problem->likelihood();
    const Vector unscale = problem->coefficient_scale().cwiseInverse();
    const Means means = problem->evaluator(problem->all_threads(), likelihood)
                            ->total(MeansSum(unscale.asDiagonal() * matrix_from(points),
                                             unscale.asDiagonal() * matrix_from(directions)));
    const double unit = problem->unit();
    return Rcpp::List::create(
        Rcpp::Named("weight") = unit * means.weight,
        Rcpp::Named("values") = to_r(Matrix(unit * means.values)),
        Rcpp::Named("gradients") = to_r(Matrix(unit * (unscale.asDiagonal() * means.gradients))));
  });
}
