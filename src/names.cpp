// Names of rows.
#include <Rcpp.h>

// A list of vectors, each with these names. Those that nobody else holds are not copied.
// [[Rcpp::export(rng = false)]]
SEXP each_with_names_impl(SEXP list, SEXP names) {
  const Rcpp::Shield<SEXP> named(Rf_shallow_duplicate(list));
  for (R_xlen_t k = 0; k < Rf_xlength(named); ++k) {
    SEXP values = VECTOR_ELT(named, k);
    if (MAYBE_REFERENCED(values)) {
      values = Rf_shallow_duplicate(values);
      SET_VECTOR_ELT(named, k, values);
    }
    Rf_setAttrib(values, R_NamesSymbol, names);
  }
  return named;
}
