#include "sparse_cholesky.h"

#include <Eigen/OrderingMethods>
#include <Eigen/SparseCore>
#include <algorithm>
#include <cmath>
#include <utility>

#include "blocked.h"

namespace fastlogit {

SparseAnalysis::SparseAnalysis(const SparsePattern& pattern) {
  order_columns(pattern);
  gather_rows(pattern);
  find_tree();
}

SparseAnalysis::SparseAnalysis(const SparsePattern& pattern, std::vector<int> old_of)
    : old_of_(std::move(old_of)) {
  new_of_.resize(old_of_.size());
  for (size_t k = 0; k < old_of_.size(); ++k) new_of_[old_of_[k]] = static_cast<int>(k);
  gather_rows(pattern);
  find_tree();
}

void SparseAnalysis::order_columns(const SparsePattern& pattern) {
  using Sparse = Eigen::SparseMatrix<double, Eigen::ColMajor, int>;
  const Index p = pattern.size();
  const std::vector<int> start(pattern.start.begin(), pattern.start.end());
  const Vector ones = Vector::Ones(static_cast<Index>(pattern.row.size()));
  const Eigen::Map<const Sparse> lower(
      p, p, ones.size(), start.data(), pattern.row.data(), ones.data());
  Eigen::PermutationMatrix<Eigen::Dynamic, Eigen::Dynamic, int> order;
  const Sparse copy = lower;
  Eigen::AMDOrdering<int>()(copy.selfadjointView<Eigen::Lower>(), order);
  old_of_.assign(order.indices().data(), order.indices().data() + p);
  new_of_.resize(p);
  for (Index k = 0; k < p; ++k) new_of_[old_of_[k]] = static_cast<int>(k);
}

void SparseAnalysis::gather_rows(const SparsePattern& pattern) {
  const Index p = size();
  row_.assign(p + 1, 0);
  const auto for_each_entry = [&](const auto& visit) {
    for (Index j = 0; j < p; ++j) {
      for (Index at = pattern.start[j]; at < pattern.start[j + 1]; ++at) {
        const int a = new_of_[j];
        const int b = new_of_[pattern.row[at]];
        visit(std::max(a, b), std::min(a, b), at);
      }
    }
  };
  for_each_entry([&](int k, int, Index) { ++row_[k + 1]; });
  for (Index k = 0; k < p; ++k) row_[k + 1] += row_[k];
  row_column_.resize(row_[p]);
  row_source_.resize(row_[p]);
  std::vector<Index> next(row_.begin(), row_.end() - 1);
  for_each_entry([&](int k, int i, Index at) {
    row_column_[next[k]] = i;
    row_source_[next[k]++] = at;
  });
}

void SparseAnalysis::find_tree() {
  const Index p = size();
  std::vector<int> seen(p);
  std::vector<Index> count(p, 1);
  parent_.assign(p, -1);
  apart_ = 0;
  while (apart_ < p && row_[apart_ + 1] - row_[apart_] == 1) ++apart_;
  for (Index k = 0; k < p; ++k) {
    seen[k] = static_cast<int>(k);
    for_each_in_row(k, [&](int i, Index) {
      for (; seen[i] != k; i = parent_[i]) {
        if (parent_[i] == -1) parent_[i] = static_cast<int>(k);
        ++count[i];
        seen[i] = static_cast<int>(k);
      }
    });
  }
  find_tail(count);
  column_.assign(p + 1, 0);
  for (Index k = 0; k < p; ++k) column_[k + 1] = column_[k] + count[k];
}

// The last columns of which at least a half is filled; zeros fill the rest. Where none of the others
// meet these are all of them, however few.
void SparseAnalysis::find_tail(std::vector<Index>& count) {
  constexpr Index kWorthKernels = 32;
  const Index p = size();
  tail_ = p;
  double filled = 0.0;
  for (Index k = p - 1; k >= 0; --k) {
    filled += static_cast<double>(count[k]);
    const double columns = static_cast<double>(p - k);
    const bool worthwhile = p - k >= kWorthKernels || k == apart_;
    if (worthwhile && filled >= 0.25 * columns * (columns + 1.0)) tail_ = k;
    if (k == apart_ && tail_ == k) break;
  }
  for (Index k = tail_; k < p; ++k) count[k] = p - k;
}

double SparseAnalysis::work() const {
  constexpr double kDense = 0.1;
  double work = 0.0;
  for (Index k = 0; k < tail_; ++k) {
    const double count = static_cast<double>(column_[k + 1] - column_[k]);
    work += 0.5 * count * count;
  }
  const double columns = static_cast<double>(size() - tail_);
  return work + kDense * columns * columns * columns / 6.0;
}

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
