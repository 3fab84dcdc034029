// The Cholesky factor of a sparse symmetric matrix: an order that leaves few entries (approximate
// minimum degree) and the pattern of the factor are found once, the numbers as often as they are
// asked for (Davis 2006, Direct Methods for Sparse Linear Systems, chapter 4: row by row).
#pragma once

#include <Eigen/OrderingMethods>
#include <Eigen/SparseCore>
#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "../types.h"

namespace fastlogit {

// What the pattern alone decides.
class SparseAnalysis {
 public:
  explicit SparseAnalysis(const SparsePattern& pattern) {
    order_columns(pattern);
    gather_rows(pattern);
    find_tree();
  }

  Index size() const { return static_cast<Index>(new_of_.size()); }
  Index entries() const { return column_.back(); }  // of the factor, the diagonal included

  const std::vector<int>& old_of() const { return old_of_; }
  const std::vector<int>& new_of() const { return new_of_; }
  const std::vector<int>& parent() const { return parent_; }
  const std::vector<Index>& column() const { return column_; }  // where columns of L begin

  // visit(i, at): row k of the permuted lower triangle has an entry in column i <= k, number `at`
  // of the values on the pattern.
  template <typename Visit>
  void for_each_in_row(Index k, const Visit& visit) const {
    for (Index at = row_[k]; at < row_[k + 1]; ++at) visit(row_column_[at], row_source_[at]);
  }

 private:
  void order_columns(const SparsePattern& pattern) {
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

  // The rows of the permuted lower triangle.
  void gather_rows(const SparsePattern& pattern) {
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

  // The elimination tree, and how many entries each column of L has.
  void find_tree() {
    const Index p = size();
    std::vector<int> seen(p);
    std::vector<Index> count(p, 1);
    parent_.assign(p, -1);
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
    column_.assign(p + 1, 0);
    for (Index k = 0; k < p; ++k) column_[k + 1] = column_[k] + count[k];
  }

  std::vector<int> old_of_;
  std::vector<int> new_of_;
  std::vector<Index> row_;
  std::vector<int> row_column_;
  std::vector<Index> row_source_;
  std::vector<int> parent_;
  std::vector<Index> column_;
};

// L by columns, rows in order, the diagonal first.
struct SparseFactor {
  std::vector<Index> start;
  std::vector<int> row;
  std::vector<double> value;

  Index size() const { return static_cast<Index>(start.size()) - 1; }
  double diagonal(Index j) const { return value[start[j]]; }

  void solve_in_place(Vector& x) const {
    for (Index j = 0; j < size(); ++j) {
      if (x[j] == 0.0) continue;
      x[j] /= diagonal(j);
      for (Index at = start[j] + 1; at < start[j + 1]; ++at) x[row[at]] -= value[at] * x[j];
    }
  }

  void solve_transposed_in_place(Vector& x) const {
    for (Index j = size() - 1; j >= 0; --j) {
      for (Index at = start[j] + 1; at < start[j + 1]; ++at) x[j] -= value[at] * x[row[at]];
      x[j] /= diagonal(j);
    }
  }
};

// P A P' = L L'
class SparseCholesky {
 public:
  // values: of A, on the pattern; all diagonal elements are to be near 1. What `tolerance` and
  // `skipped` mean is told in blocked.h. False at the first failing column, unless they are to be
  // skipped.
  bool compute(std::shared_ptr<const SparseAnalysis> analysis,
               const Vector& values,
               double tolerance,
               std::vector<bool>* skipped) {
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
    for (Index k = 0; k < p; ++k) {
      double diagonal = 0.0;
      const double pivot = eliminate_row(k, values, diagonal);
      if (!(pivot > tolerance * diagonal) && !skipped) return false;
      if (!(pivot > tolerance * diagonal)) skip(k, *skipped);
      factor_.row[end_[k]] = static_cast<int>(k);
      factor_.value[end_[k]++] = pivot > tolerance * diagonal ? std::sqrt(pivot) : 1.0;
    }
    return true;
  }

  const SparseFactor& factor() const { return factor_; }
  const SparseAnalysis& analysis() const { return *analysis_; }

  Vector half_solve(const Vector& b) const {
    Vector x = permuted(b);
    factor_.solve_in_place(x);
    return x;
  }

  Vector solve(const Vector& b) const {
    Vector x = half_solve(b);
    factor_.solve_transposed_in_place(x);
    Vector out(x.size());
    for (Index k = 0; k < x.size(); ++k) out[analysis_->old_of()[k]] = x[k];
    return out;
  }

 private:
  // Row k of L but for the diagonal; returns the square of that.
  double eliminate_row(Index k, const Vector& values, double& diagonal) {
    const Index p = analysis_->size();
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
      for (; seen_[i] != k; i = parent[i]) {
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

  // Row k of L becomes that of the identity; its column will, as skipped_column() sees to it.
  void skip(Index k, std::vector<bool>& skipped) {
    for (Index next = first_; next < analysis_->size(); ++next) {
      factor_.value[end_[reached_[next]] - 1] = 0.0;
    }
    skipped[analysis_->old_of()[k]] = true;
    left_out_ = &skipped;
  }

  bool skipped_column(int i) const {
    return left_out_ != nullptr && (*left_out_)[analysis_->old_of()[i]];
  }

  Vector permuted(const Vector& b) const {
    Vector x(b.size());
    for (Index k = 0; k < b.size(); ++k) x[k] = b[analysis_->old_of()[k]];
    return x;
  }

  std::shared_ptr<const SparseAnalysis> analysis_;
  SparseFactor factor_;
  std::vector<Index> end_;  // of what has been found of each column
  std::vector<double> row_;
  std::vector<int> seen_;
  std::vector<int> reached_;
  Index first_ = 0;
  const std::vector<bool>* left_out_ = nullptr;
};

}  // namespace fastlogit
