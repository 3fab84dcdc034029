#include <Rcpp.h>

#include <cstdint>
#include <cstring>

#include "core/engine/threads.h"
#include "core/family/registry.h"
#include "core/linalg/cpu.h"
#include "core/penalty/registry.h"
#include "r_numbers.h"

using namespace fastlogit;

// [[Rcpp::export(rng = false)]]
Rcpp::CharacterVector family_names_impl() {
  return Rcpp::wrap(family_names());
}

// [[Rcpp::export(rng = false)]]
Rcpp::CharacterVector penalty_names_impl() {
  return Rcpp::wrap(penalty_names());
}

// [[Rcpp::export(rng = false)]]
int default_threads_impl() {
  return default_threads();
}

// The kernels that this machine can run, slowest first.
// [[Rcpp::export(rng = false)]]
Rcpp::CharacterVector kernels_impl() {
  Rcpp::CharacterVector names;
  for (const Simd simd : simd_variants()) names.push_back(name_of(simd));
  return names;
}

// Which of them is used from now on: a control for the tests. Returns the one used until now.
// [[Rcpp::export(rng = false)]]
std::string use_kernel_impl(const std::string& name) {
  const std::string before = name_of(active_simd());
  for (const Simd simd : simd_variants()) {
    if (name_of(simd) == name) force_simd(simd);
  }
  return before;
}

// A family on its own, for the tests: the log-likelihood and its derivatives in eta, n x q. y: n
// proportions of successes, or n x K of the classes.
// [[Rcpp::export(rng = false)]]
Rcpp::List evaluate_family_impl(const std::string& link,
                                const Rcpp::NumericMatrix& eta,
                                const Rcpp::NumericVector& y,
                                const Rcpp::RObject& complement,
                                const Rcpp::RObject& weight,
                                const std::string& curvature) {
  const std::unique_ptr<Family> family = make_family(link, eta.ncol());
  const Index q = family->predictors();
  Matrix residual(eta.nrow(), q);
  Matrix weights(eta.nrow(), q * (q + 1) / 2);
  const Response response{y.begin(),
                          complement.isNULL() ? nullptr : REAL(complement),
                          weight.isNULL() ? nullptr : REAL(weight),
                          nullptr,
                          eta.nrow()};
  const double loglik =
      family->evaluate(view_of(eta),
                       response,
                       Order::information,
                       curvature == "observed" ? Curvature::observed : Curvature::expected,
                       residual,
                       weights);
  return Rcpp::List::create(Rcpp::Named("loglik") = loglik,
                            Rcpp::Named("residual") = to_r(residual),
                            Rcpp::Named("weight") = to_r(weights));
}
