// Cholesky factors, dense and sparse, and QR over matrices of any scale that may be singular: what
// is said to be positive definite solves its systems, what is aliased does not change with the
// scale of a column, and no input makes them read or write elsewhere.
#include <vector>

#include "input.h"
#include "linalg/cholesky.h"
#include "linalg/qr.h"
#include "linalg/sparse_cholesky.h"

using namespace fastlogit;

namespace {

// n x p: random columns, some of them copies, sums or nearly copies of the ones before; and each in
// units of its own.
Matrix random_columns(Input& input, Index n, Index p) {
  Matrix x(n, p);
  for (Index j = 0; j < p; ++j) {
    const unsigned kind = input.byte() % 8;
    for (Index i = 0; i < n; ++i) x(i, j) = input.within(-1.0, 1.0);
    if (j > 0 && kind == 0) x.col(j) = x.col(j - 1);
    if (j > 1 && kind == 1) x.col(j) = x.col(j - 1) + x.col(j - 2);
    if (j > 0 && kind == 2) x.col(j) = x.col(j - 1) + 1e-9 * x.col(j);
    if (kind == 3) x.col(j).setZero();
  }
  for (Index j = 0; j < p; ++j) {
    x.col(j) *= std::ldexp(1.0, static_cast<int>(input.byte() % 200) - 100);
  }
  return x;
}

std::shared_ptr<const SparsePattern> full_pattern(Index p) {
  auto pattern = std::make_shared<SparsePattern>();
  pattern->start.push_back(0);
  for (Index j = 0; j < p; ++j) {
    for (Index i = j; i < p; ++i) pattern->row.push_back(static_cast<int>(i));
    pattern->start.push_back(static_cast<Index>(pattern->row.size()));
  }
  pattern->analysis = std::make_shared<SparseAnalysis>(*pattern);
  return pattern;
}

// |A x - b| beside |A| |x| + |b|, entry by entry in units in which the diagonal of A is 1.
double backward_error(const Matrix& a, const Vector& x, const Vector& b) {
  const Vector unit = a.diagonal().cwiseSqrt().cwiseInverse();
  const Matrix scaled = unit.asDiagonal() * a * unit.asDiagonal();
  const Vector y = x.cwiseQuotient(unit);
  const Vector target = unit.cwiseProduct(b);
  return (scaled * y - target).stableNorm() /
         (scaled.norm() * y.stableNorm() + target.norm() + 1e-300);
}

void check_cholesky(const Matrix& x, Input& input) {
  const Index p = x.cols();
  Matrix gram = x.transpose() * x;
  if (!gram.allFinite()) return;
  const std::vector<bool> all(p, false);
  Vector b(p);
  for (Index j = 0; j < p; ++j) b[j] = input.within(-1.0, 1.0) * std::sqrt(gram(j, j));
  Cholesky dense;
  const bool positive = dense.compute(Information(gram), all);
  Information on_pattern = Information::zero(p, full_pattern(p));
  for (Index j = 0, at = 0; j < p; ++j) {
    for (Index i = j; i < p; ++i, ++at) on_pattern.values()[at] = gram(i, j);
  }
  Cholesky sparse;
  const bool sparse_positive = sparse.compute(on_pattern, all);
  REQUIRE(positive == (dense.smallest_pivot_ratio() > 0.0),
          "pivot ratio %.17g",
          dense.smallest_pivot_ratio());
  if (positive) {
    const double error = backward_error(gram, dense.solve(b), b);
    REQUIRE(error < 1e-12, "dense: %.3g", error);
  }
  if (sparse_positive) {
    const double error = backward_error(gram, sparse.solve(b), b);
    REQUIRE(error < 1e-12, "sparse: %.3g", error);
  }
  // Where nothing is near the edge the two agree.
  if (positive && dense.smallest_pivot_ratio() > 1e-10) {
    REQUIRE(sparse_positive, "dense only");
  }
  Cholesky skipping;
  const std::vector<bool> skipped = skipping.compute_others(Information(gram), 1e-10);
  REQUIRE(static_cast<Index>(skipped.size()) == p, "%d", static_cast<int>(skipped.size()));
}

void check_qr(const Matrix& x) {
  const Matrix r = triangular_factor(x);
  for (Index j = 0; j < x.cols(); ++j) {
    const double length = r.col(j).stableNorm();
    const double expected = x.col(j).stableNorm();
    REQUIRE(std::fabs(length - expected) <= 1e-12 * expected,
            "column %d: %.17g and %.17g",
            static_cast<int>(j),
            length,
            expected);
  }
  const std::vector<bool> aliased = aliased_columns(r, 1e-11);
  Matrix scaled = r;
  for (Index j = 0; j < r.cols(); ++j) scaled.col(j) *= std::ldexp(1.0, j % 2 == 0 ? 20 : -20);
  REQUIRE(aliased_columns(scaled, 1e-11) == aliased, "scaled columns");
  const Matrix basis = inverse_of_kept(r, aliased);
  REQUIRE(basis.rows() == x.cols() && basis.cols() == x.cols(), "shape");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  Input input(data, size);
  const Index p = 1 + input.byte() % 12;
  const Index n = 1 + input.byte() % 24;
  const Matrix x = random_columns(input, n, p);
  check_cholesky(x, input);
  check_qr(x);
  return 0;
}
