// Names of rows.
#include <Rcpp.h>

// A list of vectors, each with these names.
// [[Rcpp::export(rng = false)]]
SEXP each_with_names_impl(SEXP list, SEXP names) {
  const R_xlen_t count = Rf_xlength(list);
  const Rcpp::Shield<SEXP> named(Rf_allocVector(VECSXP, count));
  for (R_xlen_t k = 0; k < count; ++k) {
    const SEXP values = Rf_shallow_duplicate(VECTOR_ELT(list, k));
    SET_VECTOR_ELT(named, k, values);
    Rf_setAttrib(values, R_NamesSymbol, names);
  }
  Rf_setAttrib(named, R_NamesSymbol, Rf_getAttrib(list, R_NamesSymbol));
  return named;
}
