// Fits of some of the coefficients of a model, and score tests of the others.
#include "core/fit/submodels.h"

#include <memory>
#include <vector>

#include "r_problem.h"

using namespace fastlogit;

namespace {

// Counted from 1.
std::vector<std::vector<Index>> sets_from(const Rcpp::List& numbers) {
  std::vector<std::vector<Index>> sets;
  for (const Rcpp::IntegerVector some : numbers) {
    sets.emplace_back(some.begin(), some.end());
    for (Index& j : sets.back()) --j;
  }
  return sets;
}

Vector in_design_units(const Problem& problem, const Rcpp::NumericVector& coefficients) {
  return vector_from(coefficients).cwiseQuotient(problem.coefficient_scale());
}

}  // namespace

// The maximum of the log-likelihood of each set of coefficients, those not in it being zero:
// `loglik`, relative to the saturated model, and `coefficients`, a column for each, which have all
// their digits where `exact`. NaN where the information at `start` does not lead there for certain.
// [[Rcpp::export(rng = false)]]
Rcpp::List submodels_impl(const Rcpp::List& rows,
                          const Rcpp::NumericVector& start,
                          const Rcpp::List& sets,
                          const bool exact) {
  return interruptibly([&] {
    const std::unique_ptr<Problem> problem = problem_from(rows);
    const std::unique_ptr<Evaluator> all =
        problem->evaluator(problem->all_threads(), problem->likelihood());
    const Vector scale = problem->coefficient_scale();
    const std::vector<Submodel> fits =
        fit_submodels(*problem, *all, in_design_units(*problem, start), sets_from(sets), exact);
    Vector loglik(sets.size());
    Matrix coefficients(start.size(), sets.size());
    for (std::size_t i = 0; i < fits.size(); ++i) {
      loglik[i] = fits[i].loglik * problem->unit();
      coefficients.col(i) = scale.cwiseProduct(fits[i].beta);
    }
    return Rcpp::List::create(Rcpp::Named("loglik") = to_r(loglik),
                              Rcpp::Named("coefficients") = to_r(coefficients));
  });
}

// Rao's score statistics of groups of coefficients, at `coefficients`.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector score_statistics_impl(const Rcpp::List& rows,
                                          const Rcpp::NumericVector& coefficients,
                                          const Rcpp::List& groups) {
  return interruptibly([&] {
    const std::unique_ptr<Problem> problem = problem_from(rows);
    const std::unique_ptr<Evaluator> all =
        problem->evaluator(problem->all_threads(), problem->likelihood());
    const Vector statistics =
        score_statistics(*all, in_design_units(*problem, coefficients), sets_from(groups));
    return to_r(Vector(problem->unit() * statistics));
  });
}
