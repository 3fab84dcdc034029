// Lists of R's, by names. Rcpp's own keep a record of each object that they touch, and a copy of
// each list that grows: for a small fit that takes as long as the fit.
#pragma once

#include <Rcpp.h>

#include <cstring>

namespace fastlogit {

// To be read; whoever has made it keeps it alive.
class ListView {
 public:
  ListView(SEXP list) : list_(list), names_(Rf_getAttrib(list, R_NamesSymbol)) {}
  ListView(const Rcpp::List& list) : ListView(static_cast<SEXP>(list)) {}

  // NULL where there is no such element.
  SEXP operator[](const char* name) const {
    for (R_xlen_t at = 0; at < Rf_xlength(names_); ++at) {
      if (std::strcmp(CHAR(STRING_ELT(names_, at)), name) == 0) return VECTOR_ELT(list_, at);
    }
    return R_NilValue;
  }

  SEXP operator[](R_xlen_t at) const { return VECTOR_ELT(list_, at); }
  bool has(const char* name) const { return !Rf_isNull((*this)[name]); }
  bool is_true(const char* name) const { return Rf_asLogical((*this)[name]) == 1; }
  R_xlen_t size() const { return Rf_xlength(list_); }
  operator SEXP() const { return list_; }

 private:
  SEXP list_;
  SEXP names_;
};

// To be written, one element after the other.
class ListBuilder {
 public:
  // most: how many there will be at most.
  explicit ListBuilder(R_xlen_t most)
      : list_(Rf_allocVector(VECSXP, most)), names_(Rf_allocVector(STRSXP, most)) {}

  // Safe once it is here.
  ListBuilder& add(const char* name, SEXP value) {
    SET_VECTOR_ELT(list_, size_, value);
    SET_STRING_ELT(names_, size_, Rf_mkChar(name));
    ++size_;
    return *this;
  }

  // To be protected by whom it is given to.
  SEXP list() const {
    const bool full = size_ == Rf_xlength(list_);
    const Rcpp::Shield<SEXP> list(full ? static_cast<SEXP>(list_) : Rf_xlengthgets(list_, size_));
    const Rcpp::Shield<SEXP> names(full ? static_cast<SEXP>(names_)
                                        : Rf_xlengthgets(names_, size_));
    Rf_setAttrib(list, R_NamesSymbol, names);
    return list;
  }

 private:
  const Rcpp::Shield<SEXP> list_;
  const Rcpp::Shield<SEXP> names_;
  R_xlen_t size_ = 0;
};

}  // namespace fastlogit
