// Terms of a formula: which variables they multiply.
#include <vector>

#include "r_lists.h"

using namespace fastlogit;

namespace {

// The columns of `factors`, a matrix of variables by terms as stats::terms() has it: which
// variables each term has, counted from one.
std::vector<std::vector<int>> variables_of_terms(SEXP factors, R_xlen_t terms) {
  std::vector<std::vector<int>> found(terms);
  if (terms == 0 || Rf_xlength(factors) == 0) return found;
  const R_xlen_t variables = Rf_xlength(factors) / terms;
  const int* entry = INTEGER(factors);
  for (std::vector<int>& of_term : found) {
    for (R_xlen_t i = 0; i < variables; ++i, ++entry) {
      if (*entry > 0) of_term.push_back(static_cast<int>(i) + 1);
    }
  }
  return found;
}

SEXP integers(const std::vector<int>& values) {
  const SEXP out = Rf_allocVector(INTSXP, values.size());
  std::copy(values.begin(), values.end(), INTEGER(out));
  return out;
}

// Of a product of numbers, of which none has a coding.
SEXP piece_of_numbers(const std::vector<int>& variables) {
  const Rcpp::Shield<SEXP> positions(integers(variables));
  const Rcpp::Shield<SEXP> codings(Rf_allocVector(VECSXP, variables.size()));
  return ListBuilder(2).add("variables", positions).add("codings", codings).list();
}

// Which are vectors that R calls numeric, of whatever class?
std::vector<char> are_vectors_of_numbers(SEXP variables) {
  std::vector<char> numbers;
  for (R_xlen_t i = 0; i < Rf_xlength(variables); ++i) {
    const SEXP x = VECTOR_ELT(variables, i);
    bool numeric = TYPEOF(x) == REALSXP || TYPEOF(x) == INTSXP;
    if (numeric && Rf_isObject(x)) {
      const Rcpp::Shield<SEXP> call(Rf_lang2(Rf_install("is.numeric"), x));
      numeric = Rf_asLogical(Rcpp::Rcpp_fast_eval(call, R_BaseEnv)) == 1;
    }
    numbers.push_back(numeric && Rf_isNull(Rf_getAttrib(x, R_DimSymbol)));
  }
  return numbers;
}

}  // namespace

// What terms make of the variables of a model frame. A list of
//   used      the variables in some term, by position, less the response
//   coded     the variables that are not numbers, less the response
//   kept      the terms without the response in them, and `dropped`, those with it
//   columns   of each term that is kept its label, where it is a product of numbers, else NULL
//   pieces    and what it multiplies, see learn_blueprint()
//   of_terms  the variables of each term that is kept
// [[Rcpp::export(rng = false)]]
SEXP describe_terms_impl(SEXP terms, SEXP variables) {
  const std::vector<char> numbers = are_vectors_of_numbers(variables);
  const int count = static_cast<int>(numbers.size());
  const SEXP labels = Rf_getAttrib(terms, Rf_install("term.labels"));
  const int response = Rf_asInteger(Rf_getAttrib(terms, Rf_install("response")));
  const std::vector<std::vector<int>> of_terms =
      variables_of_terms(Rf_getAttrib(terms, Rf_install("factors")), Rf_xlength(labels));
  std::vector<bool> seen(count + 1, false);
  std::vector<int> used, coded, kept, dropped;
  for (std::size_t term = 0; term < of_terms.size(); ++term) {
    bool holds_response = false;
    for (const int variable : of_terms[term]) {
      seen[variable] = true;
      holds_response |= variable == response;
    }
    (holds_response ? dropped : kept).push_back(static_cast<int>(term) + 1);
  }
  for (int variable = 1; variable <= count; ++variable) {
    if (variable == response) continue;
    if (seen[variable]) used.push_back(variable);
    if (!numbers[variable - 1]) coded.push_back(variable);
  }
  const Rcpp::Shield<SEXP> columns(Rf_allocVector(VECSXP, kept.size()));
  const Rcpp::Shield<SEXP> pieces(Rf_allocVector(VECSXP, kept.size()));
  const Rcpp::Shield<SEXP> positions(Rf_allocVector(VECSXP, kept.size()));
  for (std::size_t k = 0; k < kept.size(); ++k) {
    const std::vector<int>& of_term = of_terms[kept[k] - 1];
    SET_VECTOR_ELT(positions, k, integers(of_term));
    bool of_numbers = true;
    for (const int variable : of_term) of_numbers &= numbers[variable - 1] != 0;
    if (!of_numbers) continue;
    SET_VECTOR_ELT(columns, k, Rf_ScalarString(STRING_ELT(labels, kept[k] - 1)));
    SET_VECTOR_ELT(pieces, k, piece_of_numbers(of_term));
  }
  return ListBuilder(7)
      .add("used", integers(used))
      .add("coded", integers(coded))
      .add("kept", integers(kept))
      .add("dropped", integers(dropped))
      .add("columns", columns)
      .add("pieces", pieces)
      .add("of_terms", positions)
      .list();
}
