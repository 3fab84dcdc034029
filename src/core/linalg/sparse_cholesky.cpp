#include "sparse_cholesky.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "block_products.h"
#include "blocked.h"

namespace fastlogit {

void SparseFactor::solve_in_place(Vector& x) const {
  for (Index j = 0; j < size(); ++j) {
    if (x[j] == 0.0) continue;
    x[j] /= diagonal(j);
    for (Index at = start[j] + 1; at < start[j + 1]; ++at) x[row[at]] -= value[at] * x[j];
  }
}

void SparseFactor::solve_transposed_in_place(Vector& x) const {
  for (Index j = size() - 1; j >= 0; --j) {
    for (Index at = start[j] + 1; at < start[j + 1]; ++at) x[j] -= value[at] * x[row[at]];
    x[j] /= diagonal(j);
  }
}

bool SparseCholesky::compute(std::shared_ptr<const SparseAnalysis> analysis,
                             const Vector& values,
                             double tolerance,
                             std::vector<bool>* skipped,
                             const Parallel& parallel) {
  analysis_ = std::move(analysis);
  left_out_ = nullptr;
  const Index p = analysis_->size();
  factor_.start = analysis_->column();
  factor_.row.resize(analysis_->entries());
  factor_.value.resize(analysis_->entries());
  end_.assign(factor_.start.begin(), factor_.start.end() - 1);
  row_.assign(p, 0.0);
  seen_.assign(p, -1);
  reached_.resize(p);
  const bool apart = analysis_->has_diagonal_head();
  const bool done = apart ? compute_diagonal_head(values, tolerance, skipped)
                          : compute_head(values, tolerance, skipped);
  return done && compute_tail(values, tolerance, skipped, parallel);
}

bool SparseCholesky::compute_head(const Vector& values,
                                  double tolerance,
                                  std::vector<bool>* skipped) {
  for (Index k = 0; k < analysis_->tail(); ++k) {
    double diagonal = 0.0;
    const double pivot = eliminate_row(k, values, diagonal);
    if (!(pivot > tolerance * diagonal) && !skipped) return false;
    if (!(pivot > tolerance * diagonal)) skip(k, *skipped);
    factor_.row[end_[k]] = static_cast<int>(k);
    factor_.value[end_[k]++] = pivot > tolerance * diagonal ? std::sqrt(pivot) : 1.0;
  }
  return true;
}

bool SparseCholesky::compute_diagonal_head(const Vector& values,
                                           double tolerance,
                                           std::vector<bool>* skipped) {
  first_ = analysis_->size();
  for (Index k = 0; k < analysis_->tail(); ++k) {
    double pivot = 0.0;
    analysis_->for_each_in_row(k, [&](int, Index at) { pivot = values[at]; });
    const bool failing = !(pivot > tolerance * pivot);
    if (failing && !skipped) return false;
    if (failing) skip(k, *skipped);
    factor_.row[end_[k]] = static_cast<int>(k);
    factor_.value[end_[k]++] = failing ? 1.0 : std::sqrt(pivot);
  }
  return true;
}

void SparseCholesky::eliminate_head(const Vector& values, Matrix& left, Vector& diagonal) {
  const Index tail = analysis_->tail();
  for (Index k = 0; k < left.rows(); ++k) {
    left(k, k) = eliminate_row(tail + k, values, diagonal[k]);
    for (Index j = 0; j < k; ++j) left(k, j) = std::exchange(row_[tail + j], 0.0);
  }
}

void SparseCholesky::eliminate_diagonal_head(const Vector& values,
                                             Matrix& left,
                                             Vector& diagonal,
                                             const Parallel& parallel) {
  const Index tail = analysis_->tail();
  for (Index k = tail; k < analysis_->size(); ++k) {
    analysis_->for_each_in_row(k, [&](int i, Index at) {
      if (i >= tail) {
        left(k - tail, i - tail) = values[at];
        return;
      }
      factor_.row[end_[i]] = static_cast<int>(k);
      factor_.value[end_[i]++] =
          skipped_column(i) ? 0.0 : values[at] / factor_.value[factor_.start[i]];
    });
  }
  diagonal = left.diagonal();
  constexpr double kWorthZeros = 0.25;  // from here on dense kernels win, with all zeros
  const double all = static_cast<double>(tail) * static_cast<double>(left.cols());
  if (static_cast<double>(factor_.start[tail] - tail) > kWorthZeros * all) {
    subtract_dense_products(left, parallel);
  } else {
    subtract_products(left, parallel);
  }
}

void SparseCholesky::subtract_dense_products(Matrix& left, const Parallel& parallel) const {
  constexpr Index kRows = 256;
  const Index tail = analysis_->tail();
  Matrix block;
  for (Index first = 0; first < tail; first += kRows) {
    const Index last = std::min(first + kRows, tail);
    block.setZero(last - first, left.cols());
    for (Index i = first; i < last; ++i) {
      for (Index at = factor_.start[i] + 1; at < factor_.start[i + 1]; ++at) {
        block(i - first, factor_.row[at] - tail) = factor_.value[at];
      }
    }
    fastlogit::subtract_products(block, left, parallel);
  }
}

void SparseCholesky::subtract_products(Matrix& left, const Parallel& parallel) const {
  const Index tail = analysis_->tail();
  constexpr Index kBand = 32;  // columns that stay in the cache
  parallel((left.cols() + kBand - 1) / kBand, [&](Index band) {
    const Index last = tail + std::min((band + 1) * kBand, left.cols());
    for (Index i = 0; i < tail; ++i) {
      const int* const begin = factor_.row.data() + factor_.start[i];
      const int* const end = factor_.row.data() + factor_.start[i + 1];
      const double* const value = factor_.value.data() + factor_.start[i];
      const int* row = std::lower_bound(begin + 1, end, static_cast<int>(tail + band * kBand));
      for (; row < end && *row < last; ++row) {
        double* const column = left.col(*row - tail).data();
        const double own = value[row - begin];
        for (const int* other = row; other < end; ++other) {
          column[*other - tail] -= own * value[other - begin];
        }
      }
    }
  });
}

bool SparseCholesky::compute_tail(const Vector& values,
                                  double tolerance,
                                  std::vector<bool>* skipped,
                                  const Parallel& parallel) {
  const Index tail = analysis_->tail();
  const Index size = analysis_->size() - tail;
  Matrix left = Matrix::Zero(size, size);
  Vector least(size);
  if (analysis_->has_diagonal_head()) {
    eliminate_diagonal_head(values, left, least, parallel);
  } else {
    eliminate_head(values, left, least);
  }
  least *= tolerance;
  if (!skipped && !factorise(left, least, parallel)) return false;
  if (skipped) {
    const std::vector<bool> failing = factorise_others(left, least, parallel);
    for (Index k = 0; k < size; ++k) {
      if (failing[k]) (*skipped)[analysis_->old_of()[tail + k]] = true;
    }
    for (Index at = 0; at < factor_.start[tail]; ++at) {
      const Index k = factor_.row[at] - tail;
      if (k >= 0 && failing[k]) factor_.value[at] = 0.0;
    }
  }
  for (Index j = 0; j < size; ++j) {
    Index at = factor_.start[tail + j];
    for (Index i = j; i < size; ++i, ++at) {
      factor_.row[at] = static_cast<int>(tail + i);
      factor_.value[at] = left(i, j);
    }
  }
  return true;
}

Vector SparseCholesky::half_solve(const Vector& b) const {
  Vector x = permuted(b);
  factor_.solve_in_place(x);
  return x;
}

Vector SparseCholesky::solve(const Vector& b) const {
  Vector x = half_solve(b);
  factor_.solve_transposed_in_place(x);
  Vector out(x.size());
  for (Index k = 0; k < x.size(); ++k) out[analysis_->old_of()[k]] = x[k];
  return out;
}

double SparseCholesky::eliminate_row(Index k, const Vector& values, double& diagonal) {
  const Index p = analysis_->size();
  const Index tail = analysis_->tail();
  const std::vector<int>& parent = analysis_->parent();
  first_ = p;
  seen_[k] = static_cast<int>(k);
  analysis_->for_each_in_row(k, [&](int i, Index at) {
    if (i == k) {
      diagonal = values[at];
      return;
    }
    row_[i] += values[at];
    // The path from i towards the root, on top of those found before it.
    Index length = 0;
    for (; i < tail && seen_[i] != k; i = parent[i]) {
      reached_[length++] = i;
      seen_[i] = static_cast<int>(k);
    }
    while (length > 0) reached_[--first_] = reached_[--length];
  });
  double pivot = diagonal;
  for (Index next = first_; next < p; ++next) {
    const int i = reached_[next];
    const Index begin = factor_.start[i];
    const double value = skipped_column(i) ? 0.0 : row_[i] / factor_.value[begin];
    row_[i] = 0.0;
    if (value != 0.0) {
      for (Index at = begin + 1; at < end_[i]; ++at) {
        row_[factor_.row[at]] -= factor_.value[at] * value;
      }
    }
    pivot -= value * value;
    factor_.row[end_[i]] = static_cast<int>(k);
    factor_.value[end_[i]++] = value;
  }
  return pivot;
}

void SparseCholesky::skip(Index k, std::vector<bool>& skipped) {
  for (Index next = first_; next < analysis_->size(); ++next) {
    factor_.value[end_[reached_[next]] - 1] = 0.0;
  }
  skipped[analysis_->old_of()[k]] = true;
  left_out_ = &skipped;
}

Vector SparseCholesky::permuted(const Vector& b) const {
  Vector x(b.size());
  for (Index k = 0; k < b.size(); ++k) x[k] = b[analysis_->old_of()[k]];
  return x;
}

}  // namespace fastlogit
