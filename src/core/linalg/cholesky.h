// The Cholesky factor of an information, dense or sparse, whatever the scale of its rows and
// columns.
#pragma once

#include <cmath>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "../types.h"
#include "blocked.h"
#include "selected_inverse.h"
#include "sparse_cholesky.h"

namespace fastlogit {

// What a fit keeps of an information: the upper triangular U with U' U = A; or, where A is sparse,
// L with L L' = P A P', where old_of[k] is the row of A that is row k of P A P'.
struct InformationFactor {
  std::shared_ptr<const Matrix> upper;
  std::shared_ptr<const SparseFactor> sparse;
  std::vector<int> old_of;

  bool empty() const { return !upper && !sparse; }
  bool is(const InformationFactor& other) const {
    return upper == other.upper && sparse == other.sparse;
  }
};

// A = U' U with U = L' D^-1, where D consists of powers of two such that the diagonal of D A D = L
// L' is between 1 and 4: scaling adds no rounding, and neither range nor accuracy depend on the
// units of a column.
class Cholesky {
 public:
  explicit Cholesky(Parallel parallel = in_sequence) : parallel_(std::move(parallel)) {}

  // The lower triangle of A is read; rows and columns that are left out count as those of the
  // identity. False when A is not numerically positive definite or has an entry that is not finite;
  // then the pivot ratio is 0, and whatever is computed from the factor is NaN.
  bool compute(const Information& a, const std::vector<bool>& left_out) {
    const bool positive = factorise(a, left_out, 0.0, nullptr);
    smallest_pivot_ratio_ = positive ? smallest_ratio() : 0.0;
    if (!positive) factor_.setConstant(std::numeric_limits<double>::quiet_NaN());
    return positive;
  }

  // The same, but columns of which less than `tolerance` of their squared length is left, after
  // projection on those before them in the order of elimination, are left out, too. Returns all
  // that are.
  std::vector<bool> compute_others(const Information& a, double tolerance) {
    std::vector<bool> left_out(a.rows(), false);
    factorise(a, left_out, tolerance, &left_out);
    return left_out;
  }

  // The smallest part of a squared length, over the columns, that is left after projection on the
  // columns before: min_j L_jj^2 / A_jj. Rounding makes it meaningless below 1e-14 or so. 1 without
  // any column.
  double smallest_pivot_ratio() const { return smallest_pivot_ratio_; }

  // A^-1 b
  Vector solve(const Vector& b) const {
    if (sparse_) return scale_.cwiseProduct(sparse_->solve(scale_.cwiseProduct(b)));
    Vector x = half_solve(b);
    factor_.triangularView<Eigen::Lower>().transpose().solveInPlace(x);
    return scale_.cwiseProduct(x);
  }

  // U'^-1 b, of squared length b' A^-1 b; in some order.
  Vector half_solve(const Vector& b) const {
    Vector x = scale_.cwiseProduct(b);
    if (sparse_) return sparse_->half_solve(x);
    factor_.triangularView<Eigen::Lower>().solveInPlace(x);
    return x;
  }

  // log det A, of what is not left out.
  double log_determinant() const {
    double sum = 0.0;
    for (Index j = 0; j < scale_.size(); ++j) sum += std::log(pivot(j) / scale_[j]);
    return 2.0 * sum;
  }

  // A^-1, with zeros for what is left out; where A has a pattern, on that only.
  Information inverse(const Information& a, const std::vector<bool>& left_out) const {
    Information inverse = a;
    if (sparse_) {
      const std::vector<int>& new_of = sparse_->analysis().new_of();
      inverse.values() = inverse_on_pattern(*sparse_factor().sparse, new_of, *a.pattern());
    } else {
      inverse.dense() = inverse_from_factor(upper(), parallel_);
    }
    for (Index j = 0; j < a.rows(); ++j) {
      if (!left_out[j]) continue;
      if (sparse_) inverse.values()[a.pattern()->start[j]] = 0.0;
      if (!sparse_) inverse.dense()(j, j) = 0.0;
    }
    return inverse;
  }

  // Gives the memory back.
  void forget() { *this = Cholesky(std::move(parallel_)); }

  bool is_sparse() const { return sparse_ != nullptr; }

  // The upper triangular U.
  Matrix upper() const {
    Matrix upper = factor_.transpose() * scale_.cwiseInverse().asDiagonal();
    upper.triangularView<Eigen::StrictlyLower>().setZero();
    return upper;
  }

  InformationFactor sparse_factor() const {
    const std::vector<int>& old_of = sparse_->analysis().old_of();
    const auto lower = std::make_shared<SparseFactor>(sparse_->factor());
    for (size_t at = 0; at < lower->row.size(); ++at) {
      lower->value[at] /= scale_[old_of[lower->row[at]]];
    }
    return {nullptr, lower, old_of};
  }

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

  bool factorise(const Information& a,
                 const std::vector<bool>& left_out,
                 double tolerance,
                 std::vector<bool>* skipped) {
    diagonal_ = a.diagonal();
    for (Index j = 0; j < diagonal_.size(); ++j) {
      if (left_out[j]) diagonal_[j] = 1.0;
    }
    scale_ = diagonal_.unaryExpr(&inverse_root_power_of_two);
    diagonal_ = diagonal_.cwiseProduct(scale_.cwiseAbs2());
    return a.pattern() ? factorise_sparse(a, left_out, tolerance, skipped)
                       : factorise_dense(a.dense(), left_out, tolerance, skipped);
  }

  bool factorise_dense(const Matrix& a,
                       const std::vector<bool>& left_out,
                       double tolerance,
                       std::vector<bool>* skipped) {
    const Index p = a.rows();
    sparse_.reset();
    factor_.resize(p, p);
    for (Index j = 0; j < p; ++j) {
      factor_.col(j).tail(p - j) =
          a.col(j).tail(p - j).cwiseProduct(scale_.tail(p - j)) * scale_[j];
      // Above the diagonal nothing is read, but tiles run across.
      factor_.col(j).head(j).setZero();
    }
    for (Index j = 0; j < p; ++j) {
      if (!left_out[j]) continue;
      factor_.row(j).head(j).setZero();
      factor_.col(j).tail(p - j).setZero();
      factor_(j, j) = 1.0;
    }
    if (!factor_.allFinite()) return false;
    BlockedCholesky blocked(factor_, tolerance, parallel_);
    if (!skipped) return blocked.factorise() && factor_.diagonal().allFinite();
    *skipped = blocked.factorise_others();
    return true;
  }

  bool factorise_sparse(const Information& a,
                        const std::vector<bool>& left_out,
                        double tolerance,
                        std::vector<bool>* skipped) {
    const SparsePattern& pattern = *a.pattern();
    factor_.resize(0, 0);
    Vector values = a.values();
    for (Index j = 0; j < pattern.size(); ++j) {
      for (Index at = pattern.start[j]; at < pattern.start[j + 1]; ++at) {
        const int i = pattern.row[at];
        const bool out = left_out[j] || left_out[i];
        values[at] = out ? (i == j ? 1.0 : 0.0) : values[at] * scale_[i] * scale_[j];
      }
    }
    if (!values.allFinite()) return false;
    if (!sparse_) sparse_ = std::make_unique<SparseCholesky>();
    return sparse_->compute(pattern.analysis, values, tolerance, skipped);
  }

  double smallest_ratio() const {
    double smallest = 1.0;
    for (Index j = 0; j < diagonal_.size(); ++j) {
      smallest = std::min(smallest, pivot(j) * pivot(j) / diagonal_[j]);
    }
    return smallest;
  }

  // L_jj, by column of A.
  double pivot(Index j) const {
    return sparse_ ? sparse_->factor().diagonal(sparse_->analysis().new_of()[j]) : factor_(j, j);
  }

  Parallel parallel_;
  Matrix factor_;  // L, where A is dense; above the diagonal it means nothing
  std::unique_ptr<SparseCholesky> sparse_;
  Vector scale_;     // D
  Vector diagonal_;  // of D A D
  double smallest_pivot_ratio_ = 1.0;
};

}  // namespace fastlogit
