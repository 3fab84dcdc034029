#include <Eigen/OrderingMethods>
#include <Eigen/SparseCore>
#include <algorithm>
#include <utility>

#include "sparse_cholesky.h"

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

// The last columns of which at least a half is filled; zeros fill the rest. Where none of the
// others meet these are all of them, however few.
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

}  // namespace fastlogit
