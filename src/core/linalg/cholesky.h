// The Cholesky factor of a symmetric positive definite matrix, whatever the scale of its rows and
// columns.
#pragma once

#include <Eigen/Cholesky>
#include <cmath>
#include <limits>

#include "../types.h"

namespace fastlogit {

// A = U' U with U = L' D^-1, where D consists of powers of two such that the diagonal of D A D = L
// L' is between 1 and 4: scaling adds no rounding, and neither range nor accuracy depend on the
// units of a column.
class Cholesky {
 public:
  // The lower triangle of A is read. False when A is not numerically positive definite or has an
  // entry that is not finite; then the pivot ratio is 0, and whatever is computed from the factor
  // is NaN.
  bool compute(const Matrix& a) {
    const Index p = a.rows();
    scale_ = a.diagonal().unaryExpr(&inverse_root_power_of_two);
    const Vector& d = scale_;
    factor_ = Matrix::Zero(p, p);
    for (Index j = 0; j < p; ++j) {
      factor_.col(j).tail(p - j) = a.col(j).tail(p - j).cwiseProduct(d.tail(p - j)) * d[j];
    }
    const Vector diagonal = factor_.diagonal();
    const bool finite = factor_.allFinite();
    const bool positive = finite && factorise_in_place() && factor_.diagonal().allFinite();
    smallest_pivot_ratio_ = positive ? smallest_ratio(diagonal) : 0.0;
    if (!positive) factor_.setConstant(std::numeric_limits<double>::quiet_NaN());
    return positive;
  }

  // The smallest part of a squared length, over the columns, that is left after projection on the
  // columns before: min_j L_jj^2 / A_jj. Rounding makes it meaningless below 1e-14 or so. 1 without
  // any column.
  double smallest_pivot_ratio() const { return smallest_pivot_ratio_; }

  // A^-1 b
  Vector solve(const Vector& b) const {
    Vector x = half_solve(b);
    factor_.triangularView<Eigen::Lower>().transpose().solveInPlace(x);
    return scale_.cwiseProduct(x);
  }

  // U'^-1 b, of squared length b' A^-1 b.
  Vector half_solve(const Vector& b) const {
    Vector x = scale_.cwiseProduct(b);
    factor_.triangularView<Eigen::Lower>().solveInPlace(x);
    return x;
  }

  // The upper triangular U.
  Matrix upper() const { return factor_.transpose() * scale_.cwiseInverse().asDiagonal(); }

  // The upper triangular U^-1: in the coordinates of its columns A is the identity.
  Matrix inverse_factor() const {
    Matrix inverse = Matrix::Identity(factor_.rows(), factor_.cols());
    factor_.triangularView<Eigen::Lower>().solveInPlace(inverse);
    return scale_.asDiagonal() * inverse.transpose();
  }

 private:
  static double inverse_root_power_of_two(double diagonal) {
    if (!(diagonal > 0.0) || !std::isfinite(diagonal)) return 1.0;
    return std::ldexp(1.0, -static_cast<int>(std::floor(0.5 * std::ilogb(diagonal))));
  }

  bool factorise_in_place() {
    const Eigen::LLT<Eigen::Ref<Matrix>> in_place(factor_);
    return in_place.info() == Eigen::Success;
  }

  double smallest_ratio(const Vector& diagonal) const {
    if (diagonal.size() == 0) return 1.0;
    return (factor_.diagonal().array().square() / diagonal.array()).minCoeff();
  }

  Matrix factor_;  // L; zero above the diagonal
  Vector scale_;   // D
  double smallest_pivot_ratio_ = 1.0;
};

}  // namespace fastlogit
