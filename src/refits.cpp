// Many fits of one design, and what they predict of its rows.
#include "core/fit/refits.h"

#include <algorithm>
#include <memory>
#include <tuple>
#include <vector>

#include "core/fit/reweighted_problem.h"
#include "memory_problem.h"
#include "r_request.h"
#include "r_result.h"

using namespace fastlogit;

// Fits with each row's weight multiplied by its entry in a column of `times`. A list of
// `coefficients`, p q x fits; `aliased`, p x fits; and of each fit `status`, `certified`, and its
// `range`, the least and the largest linear predictor, see Result and Problem. `rows`: in memory.
// [[Rcpp::export(rng = false)]]
Rcpp::List refits_impl(const Rcpp::List& rows,
                       const Rcpp::NumericVector& start,
                       const Rcpp::NumericMatrix& times,
                       const Rcpp::List& control) {
  return interruptibly([&]() -> Rcpp::List {
    const MemoryProblem problem(rows);
    const SharedRows shared = problem.shared();
    const Vector scale = problem.coefficient_scale();
    const Index n = problem.count();
    const Index fits = times.ncol();
    const double* const first = times.begin();
    Matrix coefficients = Matrix::Zero(start.size(), fits);
    Matrix range = Matrix::Zero(2, fits);
    std::vector<Status> status(fits);
    std::vector<char> certified(fits), aliased(problem.columns() * fits);
    const ProblemMaker make = [&](Index fit, const Execution& execution) {
      return std::make_unique<ReweightedProblem>(shared, first + fit * n, execution);
    };
    const SolutionTaker take = [&](Index fit, const Problem& of, const Result& result) {
      status[fit] = result.status;
      if (result.status == Status::infeasible) return;
      coefficients.col(fit) = scale.cwiseProduct(result.beta);
      certified[fit] = result.certified;
      std::copy(result.aliased.begin(), result.aliased.end(), aliased.begin() + fit * of.columns());
      std::tie(range(0, fit), range(1, fit)) = of.range_of_predictors(result.beta);
    };
    refit_each(fits,
               {vector_from(start), Vector()},
               control_from(control).options,
               problem.all_threads(),
               make,
               take);
    Rcpp::CharacterVector names(fits);
    for (Index i = 0; i < fits; ++i) names[i] = name_of(status[i]);
    Rcpp::LogicalMatrix left_out(problem.columns(), fits);
    std::copy(aliased.begin(), aliased.end(), left_out.begin());
    return Rcpp::List::create(
        Rcpp::Named("coefficients") = to_r(coefficients),
        Rcpp::Named("aliased") = left_out,
        Rcpp::Named("status") = names,
        Rcpp::Named("certified") = Rcpp::LogicalVector(certified.begin(), certified.end()),
        Rcpp::Named("range") = to_r(range));
  });
}

// How often each row comes in samples of as many units as there are, with replacement: n x samples.
// unit: of each row, counted from 1; 0 where it is not drawn. After the same seed they are those of
// sample.int(units, units, TRUE), which draws from the same stream one by one.
// [[Rcpp::export]]
Rcpp::NumericMatrix draw_times_impl(const Rcpp::IntegerVector& unit, int units, int samples) {
  Rcpp::NumericMatrix times(Rcpp::no_init(static_cast<int>(unit.size()), samples));
  double* out = times.begin();
  for (int sample = 0; sample < samples; ++sample) {
    std::vector<int> drawn(units + 1, 0);
    for (int i = 0; i < units; ++i) ++drawn[static_cast<int>(R_unif_index(units)) + 1];
    for (const int of : unit) *out++ = drawn[of];
  }
  return times;
}

// The linear predictors of each row, n x q, by the coefficients that its group has: a column of
// p q for each; groups are counted from 1. `rows`: in memory.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix predictors_by_group_impl(const Rcpp::List& rows,
                                             const Rcpp::NumericMatrix& coefficients,
                                             const Rcpp::IntegerVector& group) {
  return interruptibly([&]() -> Rcpp::NumericMatrix {
    const MemoryProblem problem(rows);
    const Index q = problem.likelihood().predictors;
    const Vector unscale = problem.coefficient_scale().cwiseInverse();
    Rcpp::NumericMatrix eta(Rcpp::no_init(static_cast<int>(problem.count()), static_cast<int>(q)));
    problem.predict_by_group(
        unscale.asDiagonal() * matrix_from(coefficients), group.begin(), view_of(eta));
    return eta;
  });
}
