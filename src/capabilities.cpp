#include <RcppEigen.h>

#include <cstdint>
#include <cstring>

#include "core/family/registry.h"
#include "core/linalg/cpu.h"

using namespace fastlogit;

namespace {

// Inf or NaN when one of the values is: absolute values order like their bits, and NaN comes above
// infinity.
double largest_absolute(const double* values, R_xlen_t n) {
  std::uint64_t most = 0;
  for (R_xlen_t i = 0; i < n; ++i) {
    std::uint64_t bits;
    std::memcpy(&bits, values + i, sizeof bits);
    bits &= ~(std::uint64_t{1} << 63);
    if (bits > most) most = bits;
  }
  double largest;
  std::memcpy(&largest, &most, sizeof most);
  return largest;
}

}  // namespace

// The largest absolute value of each column; Inf or NaN when one of its entries is.
// [[Rcpp::export]]
Rcpp::NumericVector column_largest_impl(const Rcpp::NumericMatrix& x) {
  Rcpp::NumericVector largest(x.ncol());
  for (int j = 0; j < x.ncol(); ++j) largest[j] = largest_absolute(&x(0, j), x.nrow());
  return largest;
}

// The same for the values of a dgCMatrix, of which column j begins at number start[j].
// [[Rcpp::export]]
Rcpp::NumericVector sparse_largest_impl(const Rcpp::IntegerVector& start,
                                        const Rcpp::NumericVector& values) {
  Rcpp::NumericVector largest(start.size() - 1);
  for (R_xlen_t j = 0; j < largest.size(); ++j) {
    largest[j] = largest_absolute(values.begin() + start[j], start[j + 1] - start[j]);
  }
  return largest;
}

// [[Rcpp::export]]
Rcpp::CharacterVector family_names_impl() {
  return Rcpp::wrap(family_names());
}

// A family on its own, for the tests: the log-likelihood and its derivatives in eta, n x q. y: n
// proportions of successes, or n x K of the classes.
// [[Rcpp::export]]
Rcpp::List evaluate_family_impl(const std::string& link,
                                const Eigen::Map<Eigen::MatrixXd>& eta,
                                const Rcpp::NumericVector& y,
                                const Rcpp::RObject& complement,
                                const Rcpp::RObject& weight,
                                const std::string& curvature) {
  const std::unique_ptr<Family> family = make_family(link, eta.cols());
  const Index q = family->predictors();
  Matrix residual(eta.rows(), q);
  Matrix weights(eta.rows(), q * (q + 1) / 2);
  const Response response{y.begin(),
                          complement.isNULL() ? nullptr : REAL(complement),
                          weight.isNULL() ? nullptr : REAL(weight),
                          nullptr,
                          eta.rows()};
  const double loglik =
      family->evaluate(eta,
                       response,
                       Order::information,
                       curvature == "observed" ? Curvature::observed : Curvature::expected,
                       residual,
                       weights);
  return Rcpp::List::create(Rcpp::Named("loglik") = loglik,
                            Rcpp::Named("residual") = residual,
                            Rcpp::Named("weight") = weights);
}
