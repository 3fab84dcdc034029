// Designs as R describes them.
#pragma once

#include <Eigen/SparseCore>
#include <memory>
#include <vector>

#include "core/design/builder.h"
#include "core/design/sparse.h"
#include "r_lists.h"
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
inline Eigen::SparseMatrix<double> contrasts_from(SEXP coding) {
  if (Rf_isMatrix(coding)) return matrix_from(coding).sparseView();
  const ListView list(coding);
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

inline Variable variable_from(const ListView& variables,
                              const ListView& largest,
                              Index number,
                              SEXP coding) {
  Variable variable;
  if (Rf_isNull(coding)) {
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
inline std::vector<std::vector<Variable>> terms_from(const ListView& design) {
  const ListView variables = design["variables"];
  const ListView largest = design["largest"];
  const ListView terms = design["terms"];
  std::vector<std::vector<Variable>> out(terms.size());
  for (R_xlen_t j = 0; j < terms.size(); ++j) {
    const ListView term = terms[j];
    const std::vector<int> numbers = Rcpp::as<std::vector<int>>(term["variables"]);
    const ListView codings = term["codings"];
    for (size_t k = 0; k < numbers.size(); ++k) {
      out[j].push_back(variable_from(variables, largest, numbers[k] - 1, codings[k]));
    }
  }
  return out;
}

// A design in the columns' own units, and in units in which no entry exceeds 1. list: as R
// describes it; with `held`, as hold_design_impl() gives it, what was read of that before.
struct DesignInput {
  explicit DesignInput(const ListView& list, const Parallel& parallel = in_sequence)
      : keep_alive(list) {
    if (list.has("held")) {
      const Rcpp::XPtr<DesignInput> held(list["held"]);
      design = held->design;
      scale = held->scale;
      return;
    }
    const bool with_pattern = !list.has("for_values");
    if (list.has("sparse")) {
      read_sparse(list["sparse"], vector_from(list["largest"]), with_pattern, parallel);
      return;
    }
    DesignBuilder builder(Rcpp::as<double>(list["rows"]), Rf_xlength(list["names"]));
    for (const std::vector<Variable>& term : terms_from(list)) builder.add(term);
    design = builder.build(list.has("light") && with_pattern);
    scale = builder.scale();
  }

  // A dgCMatrix.
  void read_sparse(const Rcpp::S4& x,
                   const Vector& largest,
                   bool with_pattern,
                   const Parallel& parallel) {
    scale = largest.unaryExpr([](double size) { return 1.0 / power_of_two_above(size); });
    const Rcpp::IntegerVector rows = x.slot("i");
    const Rcpp::IntegerVector start = x.slot("p");
    const Rcpp::NumericVector values = x.slot("x");
    const Rcpp::IntegerVector dim = x.slot("Dim");
    const CompressedColumns columns{start.begin(), rows.begin(), values.begin()};
    design = std::make_unique<SparseDesign>(columns, dim[0], scale, with_pattern, parallel);
  }

  Rcpp::RObject keep_alive;  // the columns are read where they are
  std::shared_ptr<const Design> design;
  Vector scale;  // powers of two
};

}  // namespace fastlogit
