// What RcppExports.cpp includes first. Rcpp would have it include RcppEigen.h, since the package is
// linked to it; but no function that is exported has Eigen's types, which take seconds to read.
#define RcppEigen__RcppEigen__h

// What the core throws ends in R's stop_for_core(), which has our words for it, and not in stop():
// Rcpp lets this be said beforehand. Handlers that wait for it in R would be a part of each call.
struct SEXPREC;

namespace fastlogit {
SEXPREC* stop_for_core();  // as R code
}

#undef BEGIN_RCPP
#define BEGIN_RCPP                                   \
  int rcpp_output_type = 0;                          \
  int nprot = 0;                                     \
  (void)rcpp_output_type;                            \
  SEXP rcpp_output_condition = R_NilValue;           \
  (void)rcpp_output_condition;                       \
  static SEXP stop_sym = fastlogit::stop_for_core(); \
  (void)stop_sym;                                    \
  try {
