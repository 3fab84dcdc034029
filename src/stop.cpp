// How errors of the core reach R, see fastlogit_types.h.
#include <Rcpp.h>

#include "fastlogit_types.h"

// `fastlogit:::stop_for_core`, made once.
SEXP fastlogit::stop_for_core() {
  static SEXP function = nullptr;
  if (function) return function;
  const SEXP package = Rf_install("fastlogit");
  function = Rf_lang3(Rf_install(":::"), package, Rf_install("stop_for_core"));
  R_PreserveObject(function);
  return function;
}
