// What a fit is told by R, and what it tells.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/fit/problem.h"
#include "core/linalg/extremes.h"
#include "core/solver/solver.h"
#include "r_lists.h"
#include "r_numbers.h"

namespace fastlogit {

inline Method method_from(const std::string& name) {
  if (name == "newton") return Method::newton;
  if (name == "fisher") return Method::fisher;
  return Method::gradient;
}

inline const char* name_of(Status status) {
  switch (status) {
    case Status::converged:
      return "converged";
    case Status::boundary:
      return "boundary";
    case Status::iteration_limit:
      return "iteration limit";
    case Status::stalled:
      return "stalled";
    case Status::diverging:
      return "diverging";
    case Status::singular:
      return "singular";
    case Status::infeasible:
      return "infeasible";
  }
  return "";
}

inline Control control_from(const ListView& list) {
  Control control;
  control.options.method = method_from(Rcpp::as<std::string>(list["method"]));
  control.options.epsilon = Rcpp::as<double>(list["epsilon"]);
  control.options.maxit = Rcpp::as<int>(list["maxit"]);
  control.conditions.has_maximum = list.is_true("has_maximum");
  const Rcpp::RObject aliased = list["aliased"];
  if (!aliased.isNULL()) control.conditions.aliased = Rcpp::as<std::vector<bool>>(aliased);
  return control;
}

// `logLik` is relative to the saturated model; unit: of the weights.
inline SEXP history_to_r(const std::vector<Iteration>& history, double unit) {
  const R_xlen_t n = history.size();
  ListBuilder list(6);
  const auto column = [&](const char* name, int type) {
    const SEXP values = Rf_allocVector(type, n);
    list.add(name, values);
    return values;
  };
  int* const iteration = INTEGER(column("iteration", INTSXP));
  double* const loglik = REAL(column("logLik", REALSXP));
  double* const deviance = REAL(column("deviance", REALSXP));
  double* const step = REAL(column("step", REALSXP));
  int* const halvings = INTEGER(column("halvings", INTSXP));
  double* const decrement = REAL(column("decrement", REALSXP));
  for (R_xlen_t i = 0; i < n; ++i) {
    iteration[i] = static_cast<int>(history[i].iteration);
    loglik[i] = history[i].loglik * unit;
    deviance[i] = -2.0 * loglik[i];
    step[i] = history[i].step;
    halvings[i] = static_cast<int>(history[i].halvings);
    decrement[i] = history[i].decrement * unit;
  }
  return list.list();
}

// L by columns and the order of its rows, in the columns' own units.
inline Rcpp::List sparse_factor_to_r(const InformationFactor& factor,
                                     const Vector& scale,
                                     double unit) {
  const SparseFactor& lower = *factor.sparse;
  Rcpp::NumericVector value(lower.value.begin(), lower.value.end());
  for (R_xlen_t at = 0; at < value.size(); ++at) {
    value[at] *= std::sqrt(unit) / scale[factor.old_of[lower.row[at]]];
  }
  return Rcpp::List::create(Rcpp::Named("start") = lower.start,
                            Rcpp::Named("row") = lower.row,
                            Rcpp::Named("value") = value,
                            Rcpp::Named("order") = factor.old_of);
}

// scale: of the columns, p numbers; unit: of the weights.
inline void add_result(const Result& result,
                       const Vector& scale,
                       double unit,
                       const Parallel& parallel,
                       ListBuilder& out) {
  const Index p = scale.size();
  const Vector scales = scale.replicate(result.beta.size() / p, 1);
  const Index estimated = p - std::count(result.aliased.begin(), result.aliased.end(), true);
  const auto factor = [&](const InformationFactor& scaled) -> SEXP {
    if (scaled.sparse) return sparse_factor_to_r(scaled, scales, unit);
    // Where coefficients were held fixed, the factor is that of the others, and nobody asks for it.
    if (scaled.empty() || scaled.dense->size() != estimated * (scales.size() / p)) {
      return R_NilValue;
    }
    const int size = static_cast<int>(scaled.dense->size());
    const Rcpp::Shield<SEXP> unscaled(Rf_allocMatrix(REALSXP, size, size));
    Vector columns(size);
    for (Index j = 0, kept = 0; j < scales.size(); ++j) {
      if (!result.aliased[j % p]) columns[kept++] = std::sqrt(unit) / scales[j];
    }
    scaled.dense->write_upper(columns, parallel, Eigen::Map<Matrix>(REAL(unscaled), size, size));
    return unscaled;
  };
  const Rcpp::Shield<SEXP> expected(factor(result.expected_factor));
  const bool one = result.observed_factor.is(result.expected_factor);
  out.add("coefficients", numbers_to_r(scales.cwiseProduct(result.beta)))
      .add("aliased", Rcpp::wrap(result.aliased))
      .add("expected", expected)
      .add("observed", one ? static_cast<SEXP>(expected) : factor(result.observed_factor))
      .add("logLik", Rf_ScalarReal(result.loglik * unit))
      .add("penalty", Rf_ScalarReal(result.penalty * unit))
      .add("status", Rf_mkString(name_of(result.status)))
      .add("orthogonalised", Rf_ScalarLogical(result.orthogonalised))
      .add("certified", Rf_ScalarLogical(result.certified))
      .add("ill_conditioned", Rf_ScalarLogical(result.ill_conditioned))
      .add("history", history_to_r(result.history, unit));
}

// What an object keeps of every row, or the range of the linear predictors.
inline void add_rows(const Problem& problem, const Vector& beta, ListBuilder& out) {
  if (!problem.has_rows()) {
    const std::pair<double, double> range = problem.range_of_predictors(beta);
    out.add("linear.predictors", numbers_to_r(Eigen::Vector2d(range.first, range.second)));
    return;
  }
  const Index n = problem.count();
  const Index q = problem.shown_predictors();
  const bool weighted = q == 1 && !problem.family().of_sets() && !problem.family().cuts();
  const SEXP eta = Rf_allocVector(REALSXP, n * q);
  out.add("linear.predictors", eta);
  const SEXP weights = Rf_allocVector(REALSXP, weighted ? n : 0);
  out.add("weights", weights);
  Eigen::Map<Vector> weight_of_row(REAL(weights), Rf_xlength(weights));
  problem.at_rows(beta, Eigen::Map<Matrix>(REAL(eta), n, q), weight_of_row);
  const std::pair<double, double> range = range_of(REAL(eta), n * q);
  out.add("range", numbers_to_r(Eigen::Vector2d(range.first, range.second)));
}

}  // namespace fastlogit
