// Numbers that are made when somebody reads them, such as the QR decomposition that a glm keeps: to
// everybody, also to the C code of other packages, they are as if they had been there before (R's
// ALTREP).
#include <Rcpp.h>
// After Rcpp, which undefines some of R's macros.
#include <R_ext/Altrep.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "r_lists.h"
#include "r_numbers.h"

using namespace fastlogit;

namespace {

R_altrep_class_t numbers_on_demand;

// data1: list(length, make, name), where make(name) gives the numbers; data2: these, once they are
// made.

SEXP asked_for(SEXP x, int what) {
  return VECTOR_ELT(R_altrep_data1(x), what);
}

R_xlen_t length_of(SEXP x) {
  return static_cast<R_xlen_t>(REAL(asked_for(x, 0))[0]);
}

// R is not to be left by an error from here, see ALTVEC_DATAPTR in R's altrep.c: R prints what
// went wrong, and the numbers are not known.
SEXP make_numbers(SEXP x) {
  const SEXP call = PROTECT(Rf_lang2(asked_for(x, 1), asked_for(x, 2)));
  int failed = 0;
  SEXP made = R_tryEval(call, R_GlobalEnv, &failed);
  if (failed || TYPEOF(made) != REALSXP || Rf_xlength(made) != length_of(x)) {
    made = Rf_allocVector(REALSXP, length_of(x));
    std::fill_n(REAL(made), length_of(x), R_NaN);
  }
  UNPROTECT(1);
  return made;
}

void* data_of(SEXP x, Rboolean) {
  if (R_altrep_data2(x) == R_NilValue) {
    R_set_altrep_data2(x, make_numbers(x));
    // Whatever they were made from may go.
    SET_VECTOR_ELT(R_altrep_data1(x), 1, R_NilValue);
  }
  return REAL(R_altrep_data2(x));
}

const void* data_if_made(SEXP x) {
  return R_altrep_data2(x) == R_NilValue ? nullptr : data_of(x, FALSE);
}

double element_of(SEXP x, R_xlen_t at) {
  return static_cast<const double*>(data_of(x, FALSE))[at];
}

// To be protected by whom it is given to.
SEXP promise(SEXP make, const char* name, double length) {
  const SEXP asked = PROTECT(Rf_allocVector(VECSXP, 3));
  SET_VECTOR_ELT(asked, 0, Rf_ScalarReal(length));
  SET_VECTOR_ELT(asked, 1, make);
  SET_VECTOR_ELT(asked, 2, Rf_mkString(name));
  const SEXP numbers = R_new_altrep(numbers_on_demand, asked, R_NilValue);
  UNPROTECT(1);
  return numbers;
}

SEXP matrix_promise(SEXP make, const char* name, int rows, int cols, SEXP dimnames) {
  const SEXP numbers = PROTECT(promise(make, name, static_cast<double>(rows) * cols));
  const SEXP dim = PROTECT(Rf_allocVector(INTSXP, 2));
  INTEGER(dim)[0] = rows;
  INTEGER(dim)[1] = cols;
  Rf_setAttrib(numbers, R_DimSymbol, dim);
  Rf_setAttrib(numbers, R_DimNamesSymbol, dimnames);
  UNPROTECT(2);
  return numbers;
}

// The columns' names, and a word without letters for each row beyond them, as in a glm; where
// columns have no names, these words come first, and missing ones after them.
SEXP effects_promise(SEXP make, int rows, int p, SEXP columns) {
  const SEXP effects = PROTECT(promise(make, "effects", rows));
  const R_xlen_t named = Rf_xlength(columns);
  const SEXP names = PROTECT(Rf_allocVector(STRSXP, rows));
  for (R_xlen_t j = 0; j < named; ++j) SET_STRING_ELT(names, j, STRING_ELT(columns, j));
  if (named == 0) {
    for (int i = rows - p; i < rows; ++i) SET_STRING_ELT(names, i, NA_STRING);
  }
  Rf_setAttrib(effects, R_NamesSymbol, names);
  UNPROTECT(2);
  return effects;
}

// Does LINPACK keep all columns, and do its squares stay in range? The Cholesky factor of the
// information tells: its columns are as long as those of sqrt(w) X, and its diagonal is what the
// columns before leave of them.
bool has_certain_rank(const Eigen::Map<const Matrix>& upper) {
  for (Index j = 0; j < upper.cols(); ++j) {
    const double length = upper.col(j).head(j + 1).norm();
    const double left = std::abs(upper(j, j));
    if (!(left > 1e-6 * length && left > 1e-100 && length < 1e100)) return false;
  }
  return true;
}

// Which rows glm() has in its decomposition.
class RowsUsed {
 public:
  explicit RowsUsed(const ListView& fit)
      : rows_(static_cast<int>(Rf_xlength(fit["weights"]))),
        prior_(REAL(fit["prior.weights"])),
        weight_(REAL(fit["weights"])),
        residual_(REAL(fit["residuals"])) {}

  int count() const {
    int used = 0;
    for (int i = 0; i < rows_; ++i) used += uses(i);
    return used;
  }

  // The dimnames of the design without the others'. To be protected by whom it is given to.
  SEXP dimnames(SEXP all, int used) const {
    const SEXP names = Rf_isNull(all) ? R_NilValue : VECTOR_ELT(all, 0);
    if (used == rows_ || Rf_isNull(names)) return all;
    const Rcpp::Shield<SEXP> both(Rf_shallow_duplicate(all));
    const SEXP left = Rf_allocVector(STRSXP, used);
    SET_VECTOR_ELT(both, 0, left);
    for (int i = 0, at = 0; i < rows_; ++i) {
      if (uses(i)) SET_STRING_ELT(left, at++, STRING_ELT(names, i));
    }
    return both;
  }

 private:
  bool uses(int i) const {
    return prior_[i] > 0 && std::isfinite(weight_[i]) && std::isfinite(residual_[i]);
  }

  int rows_;
  const double* prior_;
  const double* weight_;
  const double* residual_;
};

}  // namespace

// [[Rcpp::init]]
void register_numbers_on_demand(DllInfo* dll) {
  numbers_on_demand = R_make_altreal_class("numbers_on_demand", "fastlogit", dll);
  R_set_altrep_Length_method(numbers_on_demand, length_of);
  R_set_altvec_Dataptr_method(numbers_on_demand, data_of);
  R_set_altvec_Dataptr_or_null_method(numbers_on_demand, data_if_made);
  R_set_altreal_Elt_method(numbers_on_demand, element_of);
}

// So many numbers, those of make(name), with these names or NULL.
// [[Rcpp::export(rng = false)]]
SEXP numbers_on_demand_impl(SEXP make, const std::string& name, double length, SEXP names) {
  const Rcpp::Shield<SEXP> numbers(promise(make, name.c_str(), length));
  Rf_setAttrib(numbers, R_NamesSymbol, names);
  return numbers;
}

// A square matrix with these names of rows and columns.
// [[Rcpp::export(rng = false)]]
SEXP matrix_on_demand_impl(SEXP make, const std::string& name, const Rcpp::CharacterVector& names) {
  const Rcpp::Shield<SEXP> both(Rf_allocVector(VECSXP, 2));
  for (int side = 0; side < 2; ++side) SET_VECTOR_ELT(both, side, names);
  const int size = static_cast<int>(names.size());
  return matrix_promise(make, name.c_str(), size, size, both);
}

// list(effects = , R = , qr = ) of a fit whose design has these dimnames (or NULL); NULL where one
// cannot tell beforehand how it comes out. upper: the Cholesky factor of the information. make: a
// function of "effects", "R", "qr" or "qraux" that gives the numbers.
// [[Rcpp::export(rng = false)]]
SEXP decomposition_on_demand_impl(const Rcpp::List& fit,
                                  const Rcpp::NumericMatrix& upper,
                                  SEXP dimnames,
                                  SEXP make,
                                  double tolerance) {
  const ListView parts_of_fit(fit);
  const int columns = upper.ncol();
  if (Rf_xlength(parts_of_fit["coefficients"]) != columns) return R_NilValue;
  const RowsUsed used(parts_of_fit);
  const int rows = used.count();
  if (columns == 0 || rows < columns || !has_certain_rank(view_of(upper))) return R_NilValue;
  const Rcpp::Shield<SEXP> names_of_both(used.dimnames(dimnames, rows));
  const SEXP names = Rf_isNull(dimnames) ? R_NilValue : VECTOR_ELT(dimnames, 1);
  const Rcpp::Shield<SEXP> pivot(Rf_allocVector(INTSXP, columns));
  std::iota(INTEGER(pivot), INTEGER(pivot) + columns, 1);
  ListBuilder parts(5);
  parts.add("qr", matrix_promise(make, "qr", rows, columns, names_of_both))
      .add("rank", Rf_ScalarInteger(columns))
      .add("qraux", promise(make, "qraux", columns))
      .add("pivot", pivot)
      .add("tol", Rf_ScalarReal(tolerance));
  const Rcpp::Shield<SEXP> qr(parts.list());
  const Rcpp::Shield<SEXP> class_of_qr(Rf_mkString("qr"));
  Rf_setAttrib(qr, R_ClassSymbol, class_of_qr);
  const Rcpp::Shield<SEXP> both(Rf_allocVector(VECSXP, 2));
  for (int side = 0; side < 2; ++side) SET_VECTOR_ELT(both, side, names);
  ListBuilder all(3);
  all.add("effects", effects_promise(make, rows, columns, names))
      .add("R", matrix_promise(make, "R", columns, columns, both))
      .add("qr", qr);
  return all.list();
}
