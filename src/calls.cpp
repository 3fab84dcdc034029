// Calls as they are written.
#include <cstring>

#include "r_lists.h"

using namespace fastlogit;

namespace {

bool has_dots(SEXP call) {
  for (SEXP rest = CDR(call); rest != R_NilValue; rest = CDR(rest)) {
    if (CAR(rest) == R_DotsSymbol) return true;
  }
  return false;
}

// The symbol that a call is of, and whether `stats::` stands before it; NULL of other calls.
struct Maker {
  SEXP name;
  bool of_stats;
};

Maker maker_of(SEXP call) {
  const SEXP maker = CAR(call);
  if (TYPEOF(maker) == SYMSXP) return {maker, false};
  const bool qualified = TYPEOF(maker) == LANGSXP && Rf_length(maker) == 3 &&
                         CAR(maker) == Rf_install("::") && CADR(maker) == Rf_install("stats") &&
                         TYPEOF(CADDR(maker)) == SYMSXP;
  return {qualified ? CADDR(maker) : R_NilValue, qualified};
}

// NULL of other arguments than a word or none.
const char* link_in(SEXP call) {
  const SEXP arguments = CDR(call);
  if (arguments == R_NilValue) return "logit";
  const SEXP link = CAR(arguments);
  const bool named = TAG(arguments) == R_NilValue || TAG(arguments) == Rf_install("link");
  if (CDR(arguments) != R_NilValue || !named || !Rf_isString(link) || Rf_length(link) != 1) {
    return nullptr;
  }
  return CHAR(STRING_ELT(link, 0));
}

}  // namespace

// The names of the arguments of a call, NA of those that are no symbols.
// [[Rcpp::export(rng = false)]]
SEXP names_of_symbols_impl(SEXP call) {
  const Rcpp::Shield<SEXP> names(Rf_allocVector(STRSXP, Rf_length(call) - 1));
  SEXP argument = CDR(call);
  for (R_xlen_t i = 0; i < Rf_xlength(names); ++i, argument = CDR(argument)) {
    const bool symbol = TYPEOF(CAR(argument)) == SYMSXP;
    SET_STRING_ELT(names, i, symbol ? PRINTNAME(CAR(argument)) : NA_STRING);
  }
  return names;
}

// What an expression such as `binomial("probit")` names: list(name, link, of_stats = does `stats::`
// stand before it?). NULL of others, and where the call that it is an argument of has dots, as it
// may come through these from where the name means something else.
// [[Rcpp::export(rng = false)]]
SEXP family_written_impl(SEXP expression, SEXP call) {
  if (TYPEOF(expression) != LANGSXP || TYPEOF(call) != LANGSXP || has_dots(call)) {
    return R_NilValue;
  }
  const Maker maker = maker_of(expression);
  if (maker.name == R_NilValue) return R_NilValue;
  const char* const name = CHAR(PRINTNAME(maker.name));
  if (std::strcmp(name, "binomial") != 0 && std::strcmp(name, "quasibinomial") != 0) {
    return R_NilValue;
  }
  const char* const link = link_in(expression);
  if (!link) return R_NilValue;
  return ListBuilder(3)
      .add("name", Rf_mkString(name))
      .add("link", Rf_mkString(link))
      .add("of_stats", Rf_ScalarLogical(maker.of_stats))
      .list();
}
