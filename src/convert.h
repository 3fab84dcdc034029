// The border to R: the only file that knows the names of R's list fields.
#pragma once

#include <Eigen/SparseCore>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "core/design/builder.h"
#include "core/design/sparse.h"
#include "core/engine/threads.h"
#include "core/family/family.h"
#include "core/penalty/registry.h"
#include "core/solver/solver.h"
#include "r_numbers.h"

namespace fastlogit {

inline const double* data_or_null(SEXP x) {
  return Rf_isNull(x) ? nullptr : REAL(x);
}

inline Index columns_of(SEXP x) {
  return Rf_isMatrix(x) ? Rf_ncols(x) : 1;
}

// The columns of a numeric variable: a vector or a matrix, as doubles, integers or logicals.
inline std::vector<Numbers> numbers_of(SEXP x) {
  const Index cols = columns_of(x);
  const R_xlen_t rows = cols ? Rf_xlength(x) / cols : 0;
  std::vector<Numbers> columns(cols);
  for (Index j = 0; j < cols; ++j) {
    if (TYPEOF(x) == REALSXP) {
      columns[j].doubles = REAL(x) + j * rows;
    } else {
      columns[j].integers = static_cast<const int*>(DATAPTR_RO(x)) + j * rows;
    }
  }
  return columns;
}

// coding: a matrix (levels x columns), or list(levels = , columns = , and the row =, column = and
// value = of each entry that is not zero).
inline Eigen::SparseMatrix<double> contrasts_from(const Rcpp::RObject& coding) {
  if (Rf_isMatrix(coding)) return matrix_from(coding).sparseView();
  const Rcpp::List list(coding);
  const Rcpp::IntegerVector row = list["row"];
  const Rcpp::IntegerVector column = list["column"];
  const Rcpp::NumericVector value = list["value"];
  std::vector<Eigen::Triplet<double>> entries;
  for (R_xlen_t k = 0; k < row.size(); ++k)
    entries.emplace_back(row[k] - 1, column[k] - 1, value[k]);
  Eigen::SparseMatrix<double> contrasts(Rcpp::as<int>(list["levels"]),
                                        Rcpp::as<int>(list["columns"]));
  contrasts.setFromTriplets(entries.begin(), entries.end());
  return contrasts;
}

inline Variable variable_from(const Rcpp::List& variables,
                              const Rcpp::List& largest,
                              Index number,
                              const Rcpp::RObject& coding) {
  Variable variable;
  if (coding.isNULL()) {
    variable.numbers = numbers_of(variables[number]);
    variable.largest = vector_from(largest[number]);
  } else {
    variable.codes = INTEGER(variables[number]);
    variable.contrasts = contrasts_from(coding);
  }
  return variable;
}

// The variables of each term of a design: vectors or matrices of numbers, whose columns' largest
// absolute values `largest` holds, or codes with a coding.
inline std::vector<std::vector<Variable>> terms_from(const Rcpp::List& design) {
  const Rcpp::List variables = design["variables"];
  const Rcpp::List largest = design["largest"];
  const Rcpp::List terms = design["terms"];
  std::vector<std::vector<Variable>> out;
  for (const Rcpp::List term : terms) {
    const Rcpp::IntegerVector numbers = term["variables"];
    const Rcpp::List codings = term["codings"];
    out.emplace_back();
    for (Index k = 0; k < numbers.size(); ++k) {
      out.back().push_back(variable_from(variables, largest, numbers[k] - 1, codings[k]));
    }
  }
  return out;
}

// A design in the columns' own units, and in units in which no entry exceeds 1.
struct DesignInput {
  explicit DesignInput(const Rcpp::List& list) : keep_alive(list) {
    if (list.containsElementNamed("sparse")) {
      read_sparse(list["sparse"], vector_from(list["largest"]));
      return;
    }
    DesignBuilder builder(Rcpp::as<double>(list["rows"]), Rf_xlength(list["names"]));
    for (const std::vector<Variable>& term : terms_from(list)) builder.add(term);
    design = builder.build();
    scale = builder.scale();
  }

  // A dgCMatrix.
  void read_sparse(const Rcpp::S4& x, const Vector& largest) {
    scale = largest.unaryExpr([](double size) { return 1.0 / power_of_two_above(size); });
    const Rcpp::IntegerVector rows = x.slot("i");
    const Rcpp::IntegerVector start = x.slot("p");
    const Rcpp::NumericVector values = x.slot("x");
    const Rcpp::IntegerVector dim = x.slot("Dim");
    const CompressedColumns columns{start.begin(), rows.begin(), values.begin()};
    design = std::make_unique<SparseDesign>(columns, dim[0], scale);
  }

  Rcpp::List keep_alive;  // the columns are read where they are
  std::unique_ptr<Design> design;
  Vector scale;  // powers of two
};

// Weights are divided by a power of two, so that sums of large counts stay in range.
struct ResponseInput {
  explicit ResponseInput(const Rcpp::List& list)
      : y(list["y"]),
        complement(list["complement"]),
        category(list["category"]),
        offset(list["offset"]) {
    if (!y.isNULL() && complement.isNULL()) {
      const Eigen::Map<const Eigen::ArrayXd> values(REAL(y), Rf_xlength(y));
      single = (values == 0.0 || values == 1.0).all();
    }
    if (Rf_isNull(list["weights"])) return;
    const Eigen::Map<const Vector> given(REAL(list["weights"]), Rf_xlength(list["weights"]));
    // Of a part of the rows, the unit is that of all.
    const bool part = list.containsElementNamed("heaviest");
    unit = power_of_two_above(part ? Rcpp::as<double>(list["heaviest"]) : given.maxCoeff());
    weight = given / unit;
  }

  Response view() const {
    return {data_or_null(y),
            data_or_null(complement),
            weight.size() ? weight.data() : nullptr,
            category.isNULL() ? nullptr : INTEGER(category),
            Rf_isMatrix(y) ? Rf_nrows(y) : 0,
            single};
  }

  Rcpp::RObject y;
  Rcpp::RObject complement;
  Rcpp::RObject category;
  Rcpp::RObject offset;
  bool single = false;
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
  control.conditions.has_maximum = Rcpp::as<bool>(list["finite"]);
  return control;
}

// list(name = , amount = , penalised = a number for each column), or NULL for none.
inline std::unique_ptr<Penalty> penalty_from(const Rcpp::RObject& penalty,
                                             const Vector& scale,
                                             double unit,
                                             bool canonical) {
  if (penalty.isNULL()) return std::make_unique<NoPenalty>();
  const Rcpp::List list(penalty);
  const Vector penalised = vector_from(list["penalised"]).cwiseProduct(scale.cwiseAbs2());
  return make_penalty(Rcpp::as<std::string>(list["name"]),
                      {Rcpp::as<double>(list["amount"]), penalised, unit, canonical});
}

inline int threads_from(const Rcpp::RObject& threads) {
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
      Rcpp::Named("blurred") = result.ill_conditioned,
      Rcpp::Named("history") = history_to_r(result.history, unit));
}

}  // namespace fastlogit
