#include "blocked.h"

#include <algorithm>
#include <cmath>

#include "block_products.h"

namespace fastlogit {

namespace {

// A = L L' in place, in the order of the columns.
class BlockedCholesky {
 public:
  // See factorise().
  BlockedCholesky(Matrix& a, const Vector& least, const Parallel& parallel)
      : a_(a), least_(least), parallel_(parallel) {}

  // False at the first failing column.
  bool factorise() {
    skips_ = false;
    return run();
  }

  // Failing columns are left out: L is that of the others, with a row and a column of the identity
  // in place of each.
  std::vector<bool> factorise_others() {
    skips_ = true;
    skipped_.assign(a_.rows(), false);
    run();
    for (Index j = 0; j < a_.rows(); ++j) {
      if (skipped_[j]) a_.row(j).head(j).setZero();
    }
    return skipped_;
  }

 private:
  bool run() {
    const Index p = a_.rows();
    for (Index begin = 0; begin < p; begin += kPanel) {
      const Index end = std::min(begin + kPanel, p);
      if (!factorise_triangle(begin, end)) return false;
      if (end == p) break;
      solve_below(begin, end);
      add_products(packed_, packed_, -1.0, {end, p, end, p}, true, a_, parallel_);
    }
    return true;
  }

  // The rows begin, ..., end - 1 of the panel of these columns.
  bool factorise_triangle(Index begin, Index end) {
    for (Index j = begin; j < end; j += kSubPanel) {
      const Index next = std::min(j + kSubPanel, end);
      if (!factorise_columns(j, next, end)) return false;
      if (next == end) break;
      packed_.resize(next - j, end);
      pack_rows(a_.block(next, j, end - next, next - j), next, packed_);
      add_products(packed_, packed_, -1.0, {next, end, next, end}, true, a_, in_sequence);
    }
    return true;
  }

  // The columns begin, ..., end - 1 of L down to row `last`, from what the columns before have left
  // of them.
  bool factorise_columns(Index begin, Index end, Index last) {
    for (Index j = begin; j < end; ++j) {
      const Index below = end - j - 1;
      const auto row = a_.row(j).segment(begin, j - begin);
      const double pivot = a_(j, j) - row.squaredNorm();
      auto column = a_.col(j).segment(j + 1, below);
      if (!(pivot > least_[j])) {
        if (!skips_) return false;
        skipped_[j] = true;
        a_(j, j) = 1.0;
        column.setZero();
        a_.row(j).segment(begin, j - begin).setZero();
        continue;
      }
      a_(j, j) = std::sqrt(pivot);
      column -= a_.block(j + 1, begin, below, j - begin) * row.transpose();
      column /= a_(j, j);
    }
    auto rest = a_.block(end, begin, last - end, end - begin);
    const auto triangle = a_.block(begin, begin, end - begin, end - begin);
    triangle.triangularView<Eigen::Lower>().transpose().solveInPlace<Eigen::OnTheRight>(rest);
    for (const Index j : skipped_in(begin, end)) rest.col(j).setZero();
    return true;
  }

  // The rows below the triangle of a panel, which are packed as well.
  void solve_below(Index begin, Index end) {
    const Index width = end - begin;
    const PanelTriangle triangle(a_.block(begin, begin, width, width), skipped_in(begin, end));
    packed_.resize(width, a_.rows());
    for_each_run(end, a_.rows(), parallel_, [&](Index first, Index last) {
      auto rows = a_.block(first, begin, last - first, width);
      triangle.solve_rows(rows);
      pack_rows(rows, first, packed_);
    });
  }

  // By their numbers from `begin` on.
  std::vector<Index> skipped_in(Index begin, Index end) const {
    std::vector<Index> numbers;
    for (Index j = begin; skips_ && j < end; ++j) {
      if (skipped_[j]) numbers.push_back(j - begin);
    }
    return numbers;
  }

  Matrix& a_;
  const Vector& least_;
  const Parallel& parallel_;
  bool skips_ = false;
  std::vector<bool> skipped_;
  PackedColumns packed_;
};

}  // namespace

bool factorise(Matrix& a, const Vector& least, const Parallel& parallel) {
  return BlockedCholesky(a, least, parallel).factorise();
}

std::vector<bool> factorise_others(Matrix& a, const Vector& least, const Parallel& parallel) {
  return BlockedCholesky(a, least, parallel).factorise_others();
}

}  // namespace fastlogit
