#include <Rcpp.h>

namespace {

template <typename Number>
double count_ones(const Number* y, R_xlen_t n) {
  R_xlen_t ones = 0;
  bool others = false;
  for (R_xlen_t i = 0; i < n; ++i) {
    ones += y[i] == 1;
    others |= y[i] != 0 && y[i] != 1;
  }
  return others ? NA_REAL : static_cast<double>(ones);
}

}  // namespace

// How many of the numbers or logicals are 1; NA when some are neither 0 nor 1.
// [[Rcpp::export(rng = false)]]
double successes_impl(const SEXP y) {
  const R_xlen_t n = Rf_xlength(y);
  if (TYPEOF(y) == REALSXP) return count_ones(REAL(y), n);
  return count_ones(static_cast<const int*>(DATAPTR_RO(y)), n);
}
