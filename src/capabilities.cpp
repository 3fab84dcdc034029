// What the core can do, and parts of it on their own: families, and inverses from factors.
#include <algorithm>
#include <string>
#include <vector>

#include "core/engine/threads.h"
#include "core/family/registry.h"
#include "core/linalg/cpu.h"
#include "core/linalg/precise.h"
#include "core/linalg/selected_inverse.h"
#include "core/linalg/triangle_inverse.h"
#include "core/penalty/registry.h"
#include "core/sums/registry.h"
#include "r_numbers.h"

using namespace fastlogit;

namespace {

// By columns, as sparse_factor_to_r() makes it.
struct FactorInput {
  explicit FactorInput(const Rcpp::List& list)
      : lower{Rcpp::as<std::vector<Index>>(list["start"]),
              Rcpp::as<std::vector<int>>(list["row"]),
              Rcpp::as<std::vector<double>>(list["value"])},
        old_of(Rcpp::as<std::vector<int>>(list["order"])) {}

  // L', dense.
  Matrix upper() const {
    Matrix upper = Matrix::Zero(lower.size(), lower.size());
    for (Index j = 0; j < lower.size(); ++j) {
      for (Index at = lower.start[j]; at < lower.start[j + 1]; ++at) {
        upper(j, lower.row[at]) = lower.value[at];
      }
    }
    return upper;
  }

  SparseFactor lower;
  std::vector<int> old_of;
};

// Interrupts are for fits: an inverse takes seconds.
const Heartbeat nobody_asks = [] { return false; };

void on_all_threads(Index tasks, const Work& work) {
  run_parallel(tasks, default_threads(), work, nobody_asks);
}

}  // namespace

// Of "two" classes, "many", or "ordered" ones.
// [[Rcpp::export(rng = false)]]
Rcpp::CharacterVector family_names_impl(const std::string& classes) {
  return Rcpp::wrap(family_names(classes == "two"    ? Classes::two
                                 : classes == "many" ? Classes::many
                                                     : Classes::ordered));
}

// [[Rcpp::export(rng = false)]]
Rcpp::CharacterVector penalty_names_impl() {
  return Rcpp::wrap(penalty_names());
}

// [[Rcpp::export(rng = false)]]
Rcpp::CharacterVector sum_names_impl() {
  return Rcpp::wrap(sum_names());
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
// proportions of successes, or n x K of the classes; of ordered classes the classes, from 0 on.
// [[Rcpp::export(rng = false)]]
Rcpp::List evaluate_family_impl(const std::string& link,
                                const Rcpp::NumericMatrix& eta,
                                const Rcpp::RObject& y,
                                const Rcpp::RObject& complement,
                                const Rcpp::RObject& weight,
                                const std::string& curvature) {
  const std::unique_ptr<Family> family = make_family(link, eta.ncol());
  const Index q = family->predictors();
  Matrix residual(eta.nrow(), q);
  Matrix weights(eta.nrow(), q * (q + 1) / 2);
  const std::vector<std::string> ordered = family_names(Classes::ordered);
  const bool classes = std::find(ordered.begin(), ordered.end(), link) != ordered.end();
  const Rcpp::NumericVector proportions(classes ? Rcpp::NumericVector() : Rcpp::NumericVector(y));
  const Rcpp::IntegerVector category(classes ? Rcpp::IntegerVector(y) : Rcpp::IntegerVector());
  const Response response{classes ? nullptr : proportions.begin(),
                          complement.isNULL() ? nullptr : REAL(complement),
                          weight.isNULL() ? nullptr : REAL(weight),
                          classes ? category.begin() : nullptr,
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

// (U' U)^-1
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix inverse_of_triangle_impl(const Rcpp::NumericMatrix& upper) {
  return to_r(inverse_from_factor(view_of(upper), on_all_threads));
}

// Its diagonal.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector diagonal_of_triangle_impl(const Rcpp::NumericMatrix& upper) {
  return to_r(inverse_diagonal_from_factor(view_of(upper), on_all_threads));
}

// The same for a sparse factor, in the order of the coefficients.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix inverse_of_sparse_impl(const Rcpp::List& factor) {
  const FactorInput input(factor);
  const Index p = input.lower.size();
  Rcpp::NumericMatrix out(p, p);
  Eigen::Map<Matrix> inverse(REAL(out), p, p);
  constexpr Index kWorthZeros =
      60;  // times the kernels' multiplications, for one that is scattered
  if (kWorthZeros * static_cast<Index>(input.lower.value.size()) > p * p) {
    const Matrix dense = inverse_from_factor(input.upper(), on_all_threads);
    for (Index j = 0; j < p; ++j) {
      for (Index i = 0; i < p; ++i) inverse(input.old_of[i], input.old_of[j]) = dense(i, j);
    }
    return out;
  }
  const auto find_column = [&](Index k, int) {
    Vector x = Vector::Unit(p, k);
    input.lower.solve_in_place(x);
    input.lower.solve_transposed_in_place(x);
    for (Index i = 0; i < p; ++i) inverse(input.old_of[i], input.old_of[k]) = x[i];
  };
  parallel_for(p, default_threads(), find_column, nobody_asks);
  return out;
}

// Its diagonal, where there is no room for the rest.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector inverse_diagonal_impl(const Rcpp::List& factor) {
  const FactorInput input(factor);
  const Vector diagonal = inverse_diagonal(input.lower);
  Rcpp::NumericVector out(diagonal.size());
  for (Index k = 0; k < diagonal.size(); ++k) out[input.old_of[k]] = diagonal[k];
  return out;
}

// x' V x for each column x of a dgCMatrix.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector quadratic_forms_impl(const Rcpp::S4& columns, const Rcpp::NumericMatrix& v) {
  const Rcpp::IntegerVector row = columns.slot("i");
  const Rcpp::IntegerVector start = columns.slot("p");
  const Rcpp::NumericVector value = columns.slot("x");
  Rcpp::NumericVector out(start.size() - 1);
  for (R_xlen_t j = 0; j < out.size(); ++j) {
    for (int a = start[j]; a < start[j + 1]; ++a) {
      double sum = 0.0;
      for (int b = start[j]; b < start[j + 1]; ++b) sum += v(row[b], row[a]) * value[b];
      out[j] += sum * value[a];
    }
  }
  return out;
}

// x t where sums cancel.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix precise_product_impl(const Rcpp::NumericMatrix& x,
                                         const Rcpp::NumericMatrix& t) {
  return to_r(precise_product(view_of(x), view_of(t)));
}
