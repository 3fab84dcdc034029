#include "cholesky.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "blocked.h"
#include "selected_inverse.h"
#include "sparse_cholesky.h"
#include "triangle_inverse.h"

namespace fastlogit {

Cholesky::Cholesky(Parallel parallel) : parallel_(std::move(parallel)) {}

Cholesky::Cholesky(Cholesky&&) = default;

Cholesky& Cholesky::operator=(Cholesky&&) = default;

Cholesky::~Cholesky() = default;

void Cholesky::forget() {
  *this = Cholesky(std::move(parallel_));
}

bool Cholesky::compute(const Information& a, const std::vector<bool>& left_out) {
  const bool positive = factorise(a, left_out, 0.0, nullptr);
  smallest_pivot_ratio_ = positive ? smallest_ratio() : 0.0;
  if (!positive && factor_) factor_->setConstant(std::numeric_limits<double>::quiet_NaN());
  return positive;
}

std::vector<bool> Cholesky::compute_others(const Information& a, double tolerance) {
  std::vector<bool> left_out(a.rows(), false);
  factorise(a, left_out, tolerance, &left_out);
  return left_out;
}

Vector Cholesky::solve(const Vector& b) const {
  if (sparse_) return scale_.cwiseProduct(sparse_->solve(scale_.cwiseProduct(b)));
  return solve_rest(half_solve(b));
}

Vector Cholesky::half_solve(const Vector& b) const {
  Vector x = scale_.cwiseProduct(b);
  if (sparse_) return sparse_->half_solve(x);
  factor_->triangularView<Eigen::Lower>().solveInPlace(x);
  return x;
}

std::pair<Vector, double> Cholesky::solve_with_form(const Vector& b) const {
  Vector half = half_solve(b);
  const double form = half.squaredNorm();
  return {sparse_ ? solve(b) : solve_rest(std::move(half)), form};
}

double Cholesky::log_determinant() const {
  double sum = 0.0;
  for (Index j = 0; j < scale_.size(); ++j) sum += std::log(pivot(j) / scale_[j]);
  return 2.0 * sum;
}

Information Cholesky::inverse(const Information& a, const std::vector<bool>& left_out) const {
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

Matrix Cholesky::upper() const {
  const Index p = factor_->rows();
  Matrix upper(p, p);
  dense_factor(std::vector<bool>(p, false)).write_upper(Vector::Ones(p), parallel_, upper);
  return upper;
}

DenseFactor Cholesky::dense_factor(const std::vector<bool>& left_out) const {
  std::vector<Index> kept;
  for (Index j = 0; j < factor_->rows(); ++j) {
    if (!left_out[j]) kept.push_back(j);
  }
  return {factor_, scale_, std::move(kept)};
}

InformationFactor Cholesky::sparse_factor() const {
  const std::vector<int>& old_of = sparse_->analysis().old_of();
  const auto lower = std::make_shared<SparseFactor>(sparse_->factor());
  for (size_t at = 0; at < lower->row.size(); ++at) {
    lower->value[at] /= scale_[old_of[lower->row[at]]];
  }
  return {nullptr, lower, old_of};
}

Matrix Cholesky::inverse_factor() const {
  Matrix inverse = Matrix::Identity(factor_->rows(), factor_->cols());
  factor_->triangularView<Eigen::Lower>().solveInPlace(inverse);
  return scale_.asDiagonal() * inverse.transpose();
}

double Cholesky::inverse_root_power_of_two(double diagonal) {
  if (!(diagonal > 0.0) || !std::isfinite(diagonal)) return 1.0;
  return std::ldexp(1.0, -static_cast<int>(std::floor(0.5 * std::ilogb(diagonal))));
}

bool Cholesky::factorise(const Information& a,
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

bool Cholesky::factorise_dense(const Matrix& a,
                               const std::vector<bool>& left_out,
                               double tolerance,
                               std::vector<bool>* skipped) {
  const Index p = a.rows();
  sparse_.reset();
  if (!factor_ || factor_.use_count() > 1) factor_ = std::make_shared<Matrix>();
  factor_->resize(p, p);
  if (!copy_scaled(a, left_out)) return false;
  const Vector least = tolerance * factor_->diagonal();
  if (!skipped) {
    return fastlogit::factorise(*factor_, least, parallel_) && factor_->diagonal().allFinite();
  }
  *skipped = factorise_others(*factor_, least, parallel_);
  return true;
}

bool Cholesky::copy_scaled(const Matrix& a, const std::vector<bool>& left_out) {
  constexpr Index kColumns = 64;
  constexpr Index kAcross = 16;  // more than a tile is wide
  const Index p = a.rows();
  std::vector<Index> empty;
  for (Index j = 0; j < p; ++j) {
    if (left_out[j]) empty.push_back(j);
  }
  const Index runs = (p + kColumns - 1) / kColumns;
  std::vector<char> finite(runs, true);
  parallel_(runs, [&](Index run) {
    for (Index j = run * kColumns; j < std::min((run + 1) * kColumns, p); ++j) {
      auto column = factor_->col(j);
      auto below = column.tail(p - j);
      below = a.col(j).tail(p - j).cwiseProduct(scale_.tail(p - j)) * scale_[j];
      // Above the diagonal nothing is read, but tiles run across; what lies farther is no memory
      // until somebody writes there.
      column.segment(std::max<Index>(0, j - kAcross), std::min(j, kAcross)).setZero();
      if (left_out[j]) below.setZero();
      for (const Index i : empty) {
        if (i >= j) column[i] = i == j ? 1.0 : 0.0;
      }
      if (!below.allFinite()) finite[run] = false;
    }
  });
  return std::find(finite.begin(), finite.end(), false) == finite.end();
}

bool Cholesky::factorise_sparse(const Information& a,
                                const std::vector<bool>& left_out,
                                double tolerance,
                                std::vector<bool>* skipped) {
  const SparsePattern& pattern = *a.pattern();
  factor_ = nullptr;
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
  return sparse_->compute(pattern.analysis, values, tolerance, skipped, parallel_);
}

double Cholesky::smallest_ratio() const {
  double smallest = 1.0;
  for (Index j = 0; j < diagonal_.size(); ++j) {
    smallest = std::min(smallest, pivot(j) * pivot(j) / diagonal_[j]);
  }
  return smallest;
}

double Cholesky::pivot(Index j) const {
  return sparse_ ? sparse_->factor().diagonal(sparse_->analysis().new_of()[j]) : (*factor_)(j, j);
}

Vector Cholesky::solve_rest(Vector half) const {
  factor_->triangularView<Eigen::Lower>().transpose().solveInPlace(half);
  return scale_.cwiseProduct(half);
}

void DenseFactor::write_upper(const Vector& columns,
                              const Parallel& parallel,
                              MatrixRef out) const {
  constexpr Index kTile = 64;  // both sides of a tile stay in the cache
  parallel((size() + kTile - 1) / kTile, [&](Index tile) {
    const Index first = tile * kTile;
    const Index last = std::min(first + kTile, size());
    for (Index top = 0; top < last; top += kTile) {
      for (Index j = first; j < last; ++j) {
        const double unscaled = 1.0 / scale[kept[j]];
        for (Index i = top; i < std::min(top + kTile, j + 1); ++i) {
          out(i, j) = (*lower)(kept[j], kept[i]) * unscaled * columns[j];
        }
      }
    }
    for (Index j = first; j < last; ++j) out.col(j).tail(size() - j - 1).setZero();
  });
}

Matrix DenseFactor::upper() const {
  Matrix upper(size(), size());
  write_upper(Vector::Ones(size()), in_sequence, upper);
  return upper;
}

}  // namespace fastlogit
