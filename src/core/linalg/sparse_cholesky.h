// The Cholesky factor of a sparse symmetric matrix: an order that leaves few entries (approximate
// minimum degree) and the pattern of the factor are found once, the numbers as often as they are
// asked for (Davis 2006, Direct Methods for Sparse Linear Systems, chapter 4: row by row). The last
// columns meet nearly all of each other: their triangle is a dense one, for the kernels of those.
// Where none of the columns before them meet, as of the levels of a factor, what these leave of the
// triangle (the Schur complement) is a sum over them, in which threads have columns of their own.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "../types.h"
#include "factor.h"
#include "parallel.h"

namespace fastlogit {

// Where a Cholesky factor of p columns has more entries than this, dense ones are faster: they need
// no indices, and the kernels for them are an order of magnitude quicker.
inline double most_worth_pattern(Index p) {
  constexpr double kFull = 0.2;
  return kFull * 0.5 * static_cast<double>(p) * static_cast<double>(p + 1);
}

// What the pattern alone decides.
class SparseAnalysis {
 public:
  explicit SparseAnalysis(const SparsePattern& pattern);

  // In a given order: old_of[k] is eliminated as number k.
  SparseAnalysis(const SparsePattern& pattern, std::vector<int> old_of);

  Index size() const { return static_cast<Index>(new_of_.size()); }
  Index entries() const { return column_.back(); }  // of the factor, the diagonal included

  const std::vector<int>& old_of() const { return old_of_; }
  const std::vector<int>& new_of() const { return new_of_; }
  const std::vector<int>& parent() const { return parent_; }
  const std::vector<Index>& column() const { return column_; }  // where columns of L begin

  // From this column on L is dense.
  Index tail() const { return tail_; }

  // Do none of the columns before the tail meet?
  bool has_diagonal_head() const { return tail_ <= apart_; }

  // Multiplications of a factor, those of dense kernels by what they cost of others.
  double work() const;

  // visit(i, at): row k of the permuted lower triangle has an entry in column i <= k, number `at`
  // of the values on the pattern.
  template <typename Visit>
  void for_each_in_row(Index k, const Visit& visit) const {
    for (Index at = row_[k]; at < row_[k + 1]; ++at) visit(row_column_[at], row_source_[at]);
  }

 private:
  void order_columns(const SparsePattern& pattern);

  // The rows of the permuted lower triangle.
  void gather_rows(const SparsePattern& pattern);

  // The elimination tree, and how many entries each column of L has.
  void find_tree();

  void find_tail(std::vector<Index>& count);

  std::vector<int> old_of_;
  std::vector<int> new_of_;
  std::vector<Index> row_;
  std::vector<int> row_column_;
  std::vector<Index> row_source_;
  std::vector<int> parent_;
  std::vector<Index> column_;
  Index apart_ = 0;  // the first columns, of which none meets another
  Index tail_ = 0;
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
               std::vector<bool>* skipped,
               const Parallel& parallel);

  const SparseFactor& factor() const { return factor_; }
  const SparseAnalysis& analysis() const { return *analysis_; }

  Vector half_solve(const Vector& b) const;

  Vector solve(const Vector& b) const;

 private:
  // The columns before the tail; false at a failing one. Then, one way or another, what they leave
  // of the tail's triangle, and its diagonal as it was.
  bool compute_head(const Vector& values, double tolerance, std::vector<bool>* skipped);
  bool compute_diagonal_head(const Vector& values, double tolerance, std::vector<bool>* skipped);
  void eliminate_head(const Vector& values, Matrix& left, Vector& diagonal);
  void eliminate_diagonal_head(const Vector& values,
                               Matrix& left,
                               Vector& diagonal,
                               const Parallel& parallel);

  // left -= L21 L21', of the rows of L below a diagonal head.
  void subtract_products(Matrix& left, const Parallel& parallel) const;
  void subtract_dense_products(Matrix& left, const Parallel& parallel) const;

  // Row k of L before the tail and the diagonal; returns what is left of the square of that.
  double eliminate_row(Index k, const Vector& values, double& diagonal);

  // Row k of L becomes that of the identity; its column will, as skipped_column() sees to it.
  void skip(Index k, std::vector<bool>& skipped);

  // The columns of the tail.
  bool compute_tail(const Vector& values,
                    double tolerance,
                    std::vector<bool>* skipped,
                    const Parallel& parallel);

  bool skipped_column(int i) const {
    return left_out_ != nullptr && (*left_out_)[analysis_->old_of()[i]];
  }

  Vector permuted(const Vector& b) const;

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
