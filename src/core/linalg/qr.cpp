#include "qr.h"

#include <Eigen/Householder>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <utility>

namespace fastlogit {

std::vector<int> equilibrate_columns(Matrix& a) {
  std::vector<int> exponents(a.cols(), 0);
  if (a.rows() == 0) return exponents;
  for (Index j = 0; j < a.cols(); ++j) {
    const double largest = a.col(j).cwiseAbs().maxCoeff();
    if (std::isfinite(largest)) std::frexp(largest, &exponents[j]);
    // In two steps: 2^-exponent alone may not be a double.
    const int half = exponents[j] / 2;
    a.col(j) = a.col(j) * std::ldexp(1.0, -half) * std::ldexp(1.0, half - exponents[j]);
  }
  return exponents;
}

Matrix triangular_factor(Matrix a) {
  const std::vector<int> exponents = equilibrate_columns(a);
  const Eigen::HouseholderQR<Eigen::Ref<Matrix>> in_place(a);
  const Index p = a.cols();
  const Index rows = std::min(a.rows(), p);
  Matrix factor = Matrix::Zero(p, p);
  for (Index j = 0; j < p; ++j) {
    const Index height = std::min(j + 1, rows);
    factor.col(j).head(height) =
        a.col(j).head(height).unaryExpr([&](double x) { return std::ldexp(x, exponents[j]); });
  }
  return factor;
}

Matrix merge(const Matrix& above, const Matrix& below) {
  Matrix stacked(above.rows() + below.rows(), below.cols());
  if (above.rows() > 0) stacked.topRows(above.rows()) = above;
  stacked.bottomRows(below.rows()) = below;
  return triangular_factor(std::move(stacked));
}

Matrix merge(const std::vector<Matrix>& factors) {
  Matrix total = factors.front();
  for (size_t i = 1; i < factors.size(); ++i) total = merge(total, factors[i]);
  return total;
}

std::vector<bool> aliased_columns(const Matrix& r, double tolerance) {
  const Index p = r.cols();
  std::vector<bool> aliased(p, false);
  Matrix rest = r.triangularView<Eigen::Upper>();
  equilibrate_columns(rest);
  const Vector lengths = rest.colwise().norm();
  Vector workspace(p);
  Index rank = 0;
  for (Index j = 0; j < p; ++j) {
    // Each column left out so far has left one entry more below the diagonal.
    const Index height = j + 1 - rank;
    auto left = rest.col(j).segment(rank, height);
    aliased[j] = left.norm() < tolerance * (lengths[j] == 0.0 ? 1.0 : lengths[j]);
    if (aliased[j]) continue;
    double tau;
    double beta;
    left.makeHouseholderInPlace(tau, beta);
    rest.block(rank, j + 1, height, p - j - 1)
        .applyHouseholderOnTheLeft(left.tail(height - 1), tau, workspace.data());
    ++rank;
  }
  return aliased;
}

Matrix inverse_of_kept(const Matrix& r, const std::vector<bool>& aliased) {
  const Index p = r.cols();
  std::vector<Index> kept;
  for (Index j = 0; j < p; ++j) {
    if (!aliased[j]) kept.push_back(j);
  }
  const Index rank = static_cast<Index>(kept.size());
  Matrix columns(p, rank);
  for (Index j = 0; j < rank; ++j) columns.col(j) = r.col(kept[j]);
  Matrix inverse = Matrix::Identity(rank, rank);
  triangular_factor(std::move(columns)).triangularView<Eigen::Upper>().solveInPlace(inverse);
  Matrix basis = Matrix::Zero(p, p);
  for (Index j = 0; j < rank; ++j) {
    for (Index i = 0; i <= j; ++i) basis(kept[i], kept[j]) = inverse(i, j);
  }
  return basis;
}

}  // namespace fastlogit
