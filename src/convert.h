// The border to R: the only file that knows the names of R's list fields.
#pragma once

#include <RcppEigen.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <string>

#include "core/design/dense.h"
#include "core/design/sparse.h"
#include "core/engine/threads.h"
#include "core/family/family.h"
#include "core/solver/solver.h"

namespace fastlogit {

inline const double* data_or_null(SEXP x) {
  return Rf_isNull(x) ? nullptr : REAL(x);
}

// The smallest power of two that is not below x: to divide by it costs no rounding.
inline double power_of_two_above(double x) {
  if (!(x > 0.0)) return 1.0;
  int exponent = 0;
  const double fraction = std::frexp(x, &exponent);
  // The inverse has to be a double, too.
  return std::ldexp(1.0, std::max(-1000, fraction == 0.5 ? exponent - 1 : exponent));
}

// A design in the columns' own units, and in units in which no entry exceeds 1. `x` is a matrix or
// a dgCMatrix.
struct DesignInput {
  explicit DesignInput(const Rcpp::List& list) : x(list["x"]) {
    const Rcpp::NumericVector largest = list["largest"];
    scale.resize(largest.size());
    for (Index j = 0; j < scale.size(); ++j) scale[j] = 1.0 / power_of_two_above(largest[j]);
    if (Rf_isMatrix(x)) {
      design = std::make_unique<DenseDesign>(REAL(x), Rf_nrows(x), scale);
    } else {
      const Rcpp::S4 sparse(x);
      const Rcpp::IntegerVector rows = sparse.slot("i");
      const Rcpp::IntegerVector start = sparse.slot("p");
      const Rcpp::NumericVector values = sparse.slot("x");
      const Rcpp::IntegerVector dim = sparse.slot("Dim");
      const CompressedColumns columns{start.begin(), rows.begin(), values.begin()};
      design = std::make_unique<SparseDesign>(columns, dim[0], scale);
    }
  }

  Rcpp::RObject x;
  Vector scale;  // powers of two
  std::unique_ptr<Design> design;
};

// Weights are divided by a power of two, so that sums of large counts stay in range.
struct ResponseInput {
  explicit ResponseInput(const Rcpp::List& list)
      : y(list["y"]),
        complement(list["complement"]),
        category(list["category"]),
        offset(list["offset"]) {
    if (Rf_isNull(list["weights"])) return;
    const Eigen::Map<const Vector> given(REAL(list["weights"]), Rf_xlength(list["weights"]));
    unit = power_of_two_above(given.maxCoeff());
    weight = given / unit;
  }

  Response view() const {
    return {data_or_null(y),
            data_or_null(complement),
            weight.size() ? weight.data() : nullptr,
            category.isNULL() ? nullptr : INTEGER(category),
            y.isNULL() ? 0 : Rf_nrows(y)};
  }

  Rcpp::RObject y;
  Rcpp::RObject complement;
  Rcpp::RObject category;
  Rcpp::RObject offset;
  Vector weight;
  double unit = 1.0;
};

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
  }
  return "";
}

inline Control control_from(const Rcpp::List& list) {
  Control control;
  control.method = method_from(Rcpp::as<std::string>(list["method"]));
  control.epsilon = list["epsilon"];
  control.maxit = Rcpp::as<int>(list["maxit"]);
  if (!Rf_isNull(list["fixed"])) control.fixed = Rcpp::as<std::vector<bool>>(list["fixed"]);
  return control;
}

inline int threads_from(const Rcpp::List& control) {
  const Rcpp::RObject threads = control["threads"];
  return threads.isNULL() ? default_threads() : Rcpp::as<int>(threads);
}

// Asks R at most every 50 ms whether the user has interrupted.
class UserInterrupt {
 public:
  bool operator()() {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return false;
    next_ = now + std::chrono::milliseconds(50);
    return R_ToplevelExec([](void*) { R_CheckUserInterrupt(); }, nullptr) == FALSE;
  }

 private:
  std::chrono::steady_clock::time_point next_ =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
};

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
    const Rcpp::NumericMatrix unscaled = Rcpp::wrap(*scaled.upper);
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
  return Rcpp::List::create(Rcpp::Named("coefficients") = Vector(scales.cwiseProduct(result.beta)),
                            Rcpp::Named("aliased") = result.aliased,
                            Rcpp::Named("expected") = expected,
                            Rcpp::Named("observed") = observed,
                            Rcpp::Named("logLik") = result.loglik * unit,
                            Rcpp::Named("status") = name_of(result.status),
                            Rcpp::Named("orthogonalised") = result.orthogonalised,
                            Rcpp::Named("blurred") = result.blurred,
                            Rcpp::Named("history") = history_to_r(result.history, unit));
}

}  // namespace fastlogit
