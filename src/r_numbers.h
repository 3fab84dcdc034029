// Numbers on either side of the border to R. Rcpp's own conversions of Eigen's types come with all
// of Eigen, which takes as long to read as everything else that is compiled here.
#pragma once

#include <Rcpp.h>

#include <algorithm>

#include "core/types.h"

namespace fastlogit {

inline Vector vector_from(SEXP x) {
  if (TYPEOF(x) == REALSXP) return Eigen::Map<const Vector>(REAL(x), Rf_xlength(x));
  const Rcpp::NumericVector numbers(x);
  return Eigen::Map<const Vector>(numbers.begin(), numbers.size());
}

inline Matrix matrix_from(SEXP x) {
  const Rcpp::NumericMatrix numbers(x);
  return Eigen::Map<const Matrix>(numbers.begin(), numbers.nrow(), numbers.ncol());
}

inline Eigen::Map<Matrix> view_of(Rcpp::NumericMatrix& x) {
  return {x.begin(), x.nrow(), x.ncol()};
}

inline Eigen::Map<const Matrix> view_of(const Rcpp::NumericMatrix& x) {
  return {x.begin(), x.nrow(), x.ncol()};
}

// To be protected by whom it is given to.
inline SEXP numbers_to_r(const Vector& x) {
  const SEXP out = Rf_allocVector(REALSXP, x.size());
  std::copy(x.data(), x.data() + x.size(), REAL(out));
  return out;
}

inline Rcpp::NumericVector to_r(const Vector& x) {
  return Rcpp::NumericVector(x.data(), x.data() + x.size());
}

inline Rcpp::NumericMatrix to_r(const Matrix& x) {
  Rcpp::NumericMatrix out(Rcpp::no_init(static_cast<int>(x.rows()), static_cast<int>(x.cols())));
  std::copy(x.data(), x.data() + x.size(), out.begin());
  return out;
}

}  // namespace fastlogit
