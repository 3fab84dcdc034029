#include "convert.h"
#include "core/linalg/blocked.h"
#include "core/linalg/precise.h"
#include "core/linalg/selected_inverse.h"

using namespace fastlogit;

namespace {

// By columns, as sparse_factor_to_r() makes it.
struct FactorInput {
  explicit FactorInput(const Rcpp::List& list)
      : lower{Rcpp::as<std::vector<Index>>(list["start"]),
              Rcpp::as<std::vector<int>>(list["row"]),
              Rcpp::as<std::vector<double>>(list["value"])},
        old_of(Rcpp::as<std::vector<int>>(list["order"])) {}

  SparseFactor lower;
  std::vector<int> old_of;
};

// Interrupts are for fits: an inverse takes seconds.
const Heartbeat nobody_asks = [] { return false; };

}  // namespace

// (U' U)^-1
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix inverse_of_triangle_impl(const Rcpp::NumericMatrix& upper) {
  return to_r(inverse_from_factor(view_of(upper), [](Index tasks, const Work& work) {
    parallel_for(
        tasks, default_threads(), [&](Index task, int) { work(task); }, nobody_asks);
  }));
}

// The same for a sparse factor, in the order of the coefficients.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix inverse_of_sparse_impl(const Rcpp::List& factor) {
  const FactorInput input(factor);
  const Index p = input.lower.size();
  Rcpp::NumericMatrix out(p, p);
  Eigen::Map<Matrix> inverse(REAL(out), p, p);
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
