// What a fit is told by R, and what it tells.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/fit/problem.h"
#include "core/solver/solver.h"
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

inline Control control_from(const Rcpp::List& list) {
  Control control;
  control.options.method = method_from(Rcpp::as<std::string>(list["method"]));
  control.options.epsilon = list["epsilon"];
  control.options.maxit = Rcpp::as<int>(list["maxit"]);
  control.conditions.has_maximum = Rcpp::as<bool>(list["has_maximum"]);
  const Rcpp::RObject aliased = list["aliased"];
  if (!aliased.isNULL()) control.conditions.aliased = Rcpp::as<std::vector<bool>>(aliased);
  return control;
}

// `logLik` is relative to the saturated model; unit: of the weights.
inline Rcpp::List history_to_r(const std::vector<Iteration>& history, double unit) {
  const size_t n = history.size();
  Rcpp::IntegerVector iteration(n), halvings(n);
  Rcpp::NumericVector loglik(n), deviance(n), step(n), decrement(n);
  for (size_t i = 0; i < n; ++i) {
    iteration[i] = static_cast<int>(history[i].iteration);
    loglik[i] = history[i].loglik * unit;
    deviance[i] = -2.0 * loglik[i];
    step[i] = history[i].step;
    halvings[i] = static_cast<int>(history[i].halvings);
    decrement[i] = history[i].decrement * unit;
  }
  return Rcpp::List::create(Rcpp::Named("iteration") = iteration,
                            Rcpp::Named("logLik") = loglik,
                            Rcpp::Named("deviance") = deviance,
                            Rcpp::Named("step") = step,
                            Rcpp::Named("halvings") = halvings,
                            Rcpp::Named("decrement") = decrement);
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
inline Rcpp::List result_to_r(const Result& result, const Vector& scale, double unit) {
  const Index p = scale.size();
  const Vector scales = scale.replicate(result.beta.size() / p, 1);
  const Index estimated = p - std::count(result.aliased.begin(), result.aliased.end(), true);
  const auto factor = [&](const InformationFactor& scaled) -> SEXP {
    if (scaled.sparse) return sparse_factor_to_r(scaled, scales, unit);
    // Where coefficients were held fixed, the factor is that of the others, and nobody asks for it.
    if (scaled.empty() || scaled.upper->cols() != estimated * (scales.size() / p)) {
      return R_NilValue;
    }
    const Rcpp::NumericMatrix unscaled = to_r(*scaled.upper);
    Eigen::Map<Matrix> upper(REAL(unscaled), unscaled.nrow(), unscaled.ncol());
    for (Index j = 0, kept = 0; j < scales.size(); ++j) {
      if (!result.aliased[j % p]) upper.col(kept++) *= std::sqrt(unit) / scales[j];
    }
    return unscaled;
  };
  const Rcpp::RObject expected = factor(result.expected_factor);
  const Rcpp::RObject observed = result.observed_factor.is(result.expected_factor)
                                     ? expected
                                     : Rcpp::RObject(factor(result.observed_factor));
  return Rcpp::List::create(
      Rcpp::Named("coefficients") = to_r(Vector(scales.cwiseProduct(result.beta))),
      Rcpp::Named("aliased") = result.aliased,
      Rcpp::Named("expected") = expected,
      Rcpp::Named("observed") = observed,
      Rcpp::Named("logLik") = result.loglik * unit,
      Rcpp::Named("penalty") = result.penalty * unit,
      Rcpp::Named("status") = name_of(result.status),
      Rcpp::Named("orthogonalised") = result.orthogonalised,
      Rcpp::Named("certified") = result.certified,
      Rcpp::Named("ill_conditioned") = result.ill_conditioned,
      Rcpp::Named("history") = history_to_r(result.history, unit));
}

// What no linear predictor of rows without an offset can exceed, as no entry of the design exceeds
// 1 in the units of the coefficients.
inline double reach_of(const Problem& problem, const Vector& beta) {
  const Index p = problem.columns();
  double reach = 0.0;
  for (Index first = 0; first < beta.size(); first += p) {
    reach = std::max(reach, beta.segment(first, p).lpNorm<1>());
  }
  return reach;
}

// What an object keeps of every row, or the range of the linear predictors.
inline void add_rows(const Problem& problem, const Vector& beta, Rcpp::List& out) {
  if (!problem.has_rows()) {
    const std::pair<double, double> range = problem.range_of_predictors(beta);
    out.push_back(Rcpp::NumericVector::create(range.first, range.second), "linear.predictors");
    return;
  }
  const Index n = problem.count();
  const Index q = problem.shown_predictors();
  Rcpp::NumericVector eta(Rcpp::no_init(n * q));
  const bool weighted = q == 1 && !problem.family().of_sets() && !problem.family().cuts();
  Rcpp::NumericVector weights(Rcpp::no_init(weighted ? n : 0));
  Eigen::Map<Vector> weight_of_row(weights.begin(), weights.size());
  problem.at_rows(beta, Eigen::Map<Matrix>(eta.begin(), n, q), weight_of_row);
  // Not by assignment: a name that is not there costs an exception, as dear as a small fit.
  out.push_back(eta, "linear.predictors");
  out.push_back(weights, "weights");
}

}  // namespace fastlogit
