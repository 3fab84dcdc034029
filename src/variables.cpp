// Variables of a model frame: what they are, and how large.
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "core/engine/threads.h"
#include "core/linalg/extremes.h"
#include "r_design.h"
#include "r_problem.h"
#include "r_values.h"

using namespace fastlogit;

namespace {

double largest_of(const double* x, Index n) {
  return largest_magnitude(x, n);
}

double largest_of(const int* x, Index n) {
  int most = 0;
  for (Index i = 0; i < n; ++i) {
    if (x[i] == NA_INTEGER) return NA_REAL;
    most = std::max(most, std::abs(x[i]));
  }
  return most;
}

// Doubles or integers, whatever their class.
bool holds_numbers(SEXP x) {
  return (TYPEOF(x) == REALSXP || TYPEOF(x) == INTSXP) && !Rf_inherits(x, "factor");
}

// How many rows a variable has, where it is a vector or a matrix of a kind that R knows itself;
// else a negative number.
R_xlen_t rows_of_plain(SEXP x) {
  if (!Rf_isVectorAtomic(x) || Rf_inherits(x, "integer64")) return -1;
  if (Rf_isObject(x) && !holds_numbers(x) && !Rf_isFactor(x)) return -1;
  const SEXP dim = Rf_getAttrib(x, R_DimSymbol);
  if (Rf_xlength(dim) > 2) return -1;
  return Rf_isNull(dim) ? Rf_xlength(x) : INTEGER(dim)[0];
}

// Of R's own class, ordered or not, and of no other.
bool is_only_factor(SEXP x) {
  if (!Rf_isFactor(x)) return false;
  const SEXP classes = Rf_getAttrib(x, R_ClassSymbol);
  return Rf_xlength(classes) == 1 || (Rf_xlength(classes) == 2 && Rf_inherits(x, "ordered"));
}

SEXP class_in_frame(SEXP x) {
  if (Rf_isObject(x) || !Rf_isNull(Rf_getAttrib(x, R_DimSymbol))) return NA_STRING;
  if (TYPEOF(x) == LGLSXP) return Rf_mkChar("logical");
  if (TYPEOF(x) == STRSXP) return Rf_mkChar("character");
  return holds_numbers(x) ? Rf_mkChar("numeric") : NA_STRING;
}

// Of what is no numbers and has no levels.
bool is_missing_somewhere(SEXP x) {
  const R_xlen_t n = Rf_xlength(x);
  switch (TYPEOF(x)) {
    case LGLSXP: {
      const int* const values = static_cast<const int*>(DATAPTR_RO(x));
      return std::find(values, values + n, NA_LOGICAL) != values + n;
    }
    case CPLXSXP:
      return std::any_of(COMPLEX(x), COMPLEX(x) + n, [](const Rcomplex& value) {
        return std::isnan(value.r) || std::isnan(value.i);
      });
    default:
      return false;
  }
}

bool has_missing_word(SEXP words) {
  const SEXP* const first = STRING_PTR_RO(words);
  return std::find(first, first + Rf_xlength(words), NA_STRING) != first + Rf_xlength(words);
}

// False where x is of a kind that is not looked into.
bool mark_missing(SEXP x, std::vector<char>& missing) {
  const R_xlen_t n = Rf_xlength(x);
  switch (TYPEOF(x)) {
    case REALSXP:
      for (R_xlen_t i = 0; i < n; ++i) missing[i] |= std::isnan(REAL(x)[i]);
      return true;
    case LGLSXP:
    case INTSXP: {
      const int* const values = static_cast<const int*>(DATAPTR_RO(x));
      for (R_xlen_t i = 0; i < n; ++i) missing[i] |= values[i] == NA_INTEGER;
      return true;
    }
    case STRSXP:
      for (R_xlen_t i = 0; i < n; ++i) missing[i] |= STRING_ELT(x, i) == NA_STRING;
      return true;
    default:
      return false;
  }
}

// The largest absolute value of each column of each variable, Inf or NaN when one of its entries
// is; NULL of NULL.
SEXP largest_of_each(SEXP variables, Index n, SEXP threads) {
  const Rcpp::Shield<SEXP> largest(Rf_allocVector(VECSXP, Rf_xlength(variables)));
  std::vector<std::pair<Numbers, double*>> columns;
  for (R_xlen_t k = 0; k < Rf_xlength(variables); ++k) {
    const SEXP variable = VECTOR_ELT(variables, k);
    if (Rf_isNull(variable)) continue;
    const std::vector<Numbers> numbers = numbers_of(variable);
    const SEXP found = Rf_allocVector(REALSXP, numbers.size());
    SET_VECTOR_ELT(largest, k, found);
    for (size_t j = 0; j < numbers.size(); ++j) {
      columns.emplace_back(numbers[j], REAL(found) + j);
    }
  }
  const auto find = [&](Index j, int) {
    const Numbers& numbers = columns[j].first;
    *columns[j].second =
        numbers.doubles ? largest_of(numbers.doubles, n) : largest_of(numbers.integers, n);
  };
  const int workers = n * columns.size() < 50000 ? 1 : threads_from(threads);
  parallel_for(columns.size(), workers, find, nullptr);
  return largest;
}

}  // namespace

// [[Rcpp::export(rng = false)]]
SEXP largest_impl(const Rcpp::List& variables, const double rows, SEXP threads) {
  return largest_of_each(variables, static_cast<Index>(rows), threads);
}

// What there is to know of the variables of a model frame: list(rows = , missing = is any value?,
// classes = as .MFclass() has them, NA where R has to be asked, objects = has any a class, but for
// factors?, known = of each variable: of numbers see largest_impl(), of factors levels_seen(), of
// words words_of(), of others NULL); NULL where they are not all vectors or matrices of as many
// rows.
// [[Rcpp::export(rng = false)]]
SEXP describe_variables_impl(const Rcpp::List& variables, SEXP threads) {
  const R_xlen_t count = variables.size();
  const R_xlen_t rows = count == 0 ? 0 : rows_of_plain(VECTOR_ELT(variables, 0));
  if (rows <= 0) return R_NilValue;
  const Rcpp::Shield<SEXP> numbers(Rf_allocVector(VECSXP, count));
  std::vector<SEXP> factors;
  for (R_xlen_t k = 0; k < count; ++k) {
    const SEXP variable = VECTOR_ELT(variables, k);
    if (rows_of_plain(variable) != rows) return R_NilValue;
    if (holds_numbers(variable)) SET_VECTOR_ELT(numbers, k, variable);
    if (Rf_isFactor(variable)) factors.push_back(variable);
  }
  const Rcpp::Shield<SEXP> known(largest_of_each(numbers, rows, threads));
  const std::vector<Rcpp::RObject> seen = levels_seen(factors, threads);
  bool missing = false;
  for (R_xlen_t k = 0, level = 0; k < count; ++k) {
    const SEXP variable = VECTOR_ELT(variables, k);
    if (holds_numbers(variable)) {
      const SEXP largest = VECTOR_ELT(known, k);
      const double* const first = REAL(largest);
      missing |= std::any_of(
          first, first + Rf_xlength(largest), [](double size) { return std::isnan(size); });
    } else if (Rf_isFactor(variable)) {
      SET_VECTOR_ELT(known, k, seen[level++]);
      missing |= Rf_asLogical(ListView(VECTOR_ELT(known, k))["missing"]) == 1;
    } else if (TYPEOF(variable) == STRSXP) {
      SET_VECTOR_ELT(known, k, words_of(variable));
      missing |= has_missing_word(ListView(VECTOR_ELT(known, k))["words"]);
    } else {
      missing |= is_missing_somewhere(variable);
    }
  }
  const Rcpp::Shield<SEXP> classes(Rf_allocVector(STRSXP, count));
  bool objects = false;
  for (R_xlen_t k = 0; k < count; ++k) {
    SET_STRING_ELT(classes, k, class_in_frame(VECTOR_ELT(variables, k)));
    objects |= Rf_isObject(VECTOR_ELT(variables, k)) && !is_only_factor(VECTOR_ELT(variables, k));
  }
  return ListBuilder(5)
      .add("rows", Rf_ScalarInteger(static_cast<int>(rows)))
      .add("missing", Rf_ScalarLogical(missing))
      .add("classes", classes)
      .add("objects", Rf_ScalarLogical(objects))
      .add("known", known)
      .list();
}

// The rows of a model frame in which a value is missing, from one on; NULL where none is, and where
// its variables are not all vectors without names, or factors.
// [[Rcpp::export(rng = false)]]
SEXP missing_rows_impl(const Rcpp::List& variables) {
  const R_xlen_t rows = variables.size() == 0 ? 0 : Rf_xlength(VECTOR_ELT(variables, 0));
  std::vector<char> missing(rows, 0);
  for (R_xlen_t k = 0; k < variables.size(); ++k) {
    const SEXP x = VECTOR_ELT(variables, k);
    const bool plain = !Rf_isObject(x) || Rf_isFactor(x);
    const bool shaped = !Rf_isNull(Rf_getAttrib(x, R_DimSymbol)) ||
                        !Rf_isNull(Rf_getAttrib(x, R_NamesSymbol)) ||
                        !Rf_isNull(Rf_getAttrib(x, R_TspSymbol));
    if (!plain || shaped || Rf_xlength(x) != rows || !mark_missing(x, missing)) return R_NilValue;
  }
  std::vector<int> found;
  for (R_xlen_t i = 0; i < rows; ++i) {
    if (missing[i]) found.push_back(static_cast<int>(i) + 1);
  }
  if (found.empty()) return R_NilValue;
  return Rcpp::IntegerVector(found.begin(), found.end());
}

// Of the values of a dgCMatrix the largest of each column, of which column j begins at number
// start[j].
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector sparse_largest_impl(const Rcpp::IntegerVector& start,
                                        const Rcpp::NumericVector& values) {
  Rcpp::NumericVector largest(start.size() - 1);
  for (R_xlen_t j = 0; j < largest.size(); ++j) {
    largest[j] = largest_of(values.begin() + start[j], start[j + 1] - start[j]);
  }
  return largest;
}
