// A design of which most entries are zero, by rows.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "design.h"
#include "row_runs.h"

namespace fastlogit {

// Blocks of rows are what is asked for, so the entries are copied row by row, times the powers of
// two in `scale`.
class SparseDesign final : public Design {
 public:
  // with_pattern: is an information to be asked for?
  SparseDesign(const CompressedColumns& x,
               Index rows,
               const Vector& scale,
               bool with_pattern,
               const Parallel& parallel);

  Index rows() const override { return static_cast<Index>(start_.size()) - 1; }
  Index cols() const override { return cols_; }

  void predict(Rows rows, const ConstVectorRef& beta, VectorRef eta) const override;

  void add_score(Rows rows, const ConstVectorRef& residual, VectorRef score) const override;

  void add_scores(Rows rows,
                  const ConstVectorRef& residual,
                  const int* group,
                  MatrixRef sums) const override;

  void add_information(Rows rows,
                       const ConstVectorRef& weight,
                       MatrixRef information) const override;

  bool has_whole_information() const override { return whole_; }

  // By bands of columns, each of which is one task's own.
  Matrix whole_information(const ConstVectorRef& weight, const Parallel& parallel) const override;

  void add_squares(Rows rows, const ConstVectorRef& weight, VectorRef sums) const override;

  double product_share() const override;

  void quadratic_form(Rows rows, const QuadraticForm& form, VectorRef out) const override;

  void copy(Rows rows, MatrixRef block) const override;

  std::shared_ptr<const SparsePattern> pattern() const override;

  Index pattern_sums() const override { return pattern_ ? pattern_->row.size() : 0; }

  void add_to_pattern(Rows rows, const ConstVectorRef& weight, VectorRef values) const override;

  void form_on_pattern(Rows rows, const ConstVectorRef& values, VectorRef out) const override;

  Index numbers() const override;

  // Rows of a few numbers each: what counts is that calls are few.
  Index block_rows() const override;

  bool has_dense_rows() const override;

 private:
  // visit(a, b, place): the entries a and b >= a of a row meet there on the pattern.
  template <typename Visit>
  void for_each_pair(Index row, const Visit& visit) const {
    const SparsePattern& pattern = *pattern_;
    for (Index a = start_[row]; a < start_[row + 1]; ++a) {
      // Both the row's columns and the pattern's rows are in order.
      auto place = pattern.row.begin() + pattern.start[column_[a]];
      const auto end = pattern.row.begin() + pattern.start[column_[a] + 1];
      for (Index b = a; b < start_[row + 1]; ++b) {
        place = std::lower_bound(place, end, column_[b]);
        visit(a, b, place - pattern.row.begin());
      }
    }
  }

  void read_rows(const CompressedColumns& x, const Vector& scale, const Parallel& parallel);

  // The pattern of X' X, unless its factor is nearly full.
  void find_pattern(const CompressedColumns& x, const Parallel& parallel);

  // Do some of the rows show that the pattern has? Most patterns that are no use are full.
  bool has_more_entries(double most) const;

  // The rows of column j, to what there is of the columns before, of which `start` has the ends;
  // seen: for each column the last j whose pattern has it. Returns their number.
  Index add_column_of_pattern(const CompressedColumns& x,
                              int j,
                              std::vector<int>& seen,
                              SparsePattern& pattern) const;

  // Pairs of entries that meet in a row.
  double pairs() const;

  Index cols_;
  std::vector<Index> start_;  // of the rows
  Eigen::VectorXi column_;
  Vector value_;
  std::shared_ptr<const SparsePattern> pattern_;
  bool whole_ = false;
};

}  // namespace fastlogit
