// A design of columns of numbers, each read in place.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "../linalg/panel_gram.h"
#include "column.h"
#include "design.h"

namespace fastlogit {

// The design is X S for the columns X and powers of two S: columns of any magnitude come out below
// 1 in absolute value, without rounding, so that neither 1e300 nor 1e-300 leaves the range of
// doubles when squared.
class DenseDesign final : public Design {
 public:
  DenseDesign(Index rows, std::vector<Column> columns, Vector scale);

  Index rows() const override { return rows_; }
  Index cols() const override { return scale_.size(); }

  void predict(Rows rows, const ConstVectorRef& beta, VectorRef eta) const override;

  void add_score(Rows rows, const ConstVectorRef& residual, VectorRef score) const override;

  void add_scores(Rows rows,
                  const ConstVectorRef& residual,
                  const int* group,
                  MatrixRef sums) const override;

  void add_information(Rows rows,
                       const ConstVectorRef& weight,
                       MatrixRef information) const override;

  void add_draft(Rows rows, const ConstVectorRef& weight, MatrixRef information) const override;

  double draft_cost() const override { return cols() < kPanelColumns ? 1.0 : 0.5 + 40.0 / cols(); }

  void add_factored(Rows rows,
                    const ConstMatrixRef& diagonal,
                    const ConstMatrixRef& root,
                    MatrixRef information) const override;

  void quadratic_form(Rows rows, const QuadraticForm& a, VectorRef out) const override;

  // visit(j, numbers, scale) for the columns, which are scale * numbers.
  template <typename Visit>
  void for_each_column(Rows rows, const Visit& visit) const {
    for (Index j = 0; j < cols(); ++j) visit(j, column(j, rows), scale_[j]);
  }

  void copy(Rows rows, MatrixRef out) const override;

  bool add_sources(Sources& sources) const override;

  DenseDesign selected(const Selection& selection) const;

  std::unique_ptr<Design> select(const Selection& selection) const override;

  std::unique_ptr<Design> with_column(const double* column) const override;

 private:
  // visit(first, count, numbers) for the columns first, ..., first + count - 1, by groups.
  template <typename Visit>
  void for_some_columns(Rows rows, const Visit& visit) const;

  // How many columns a group has that begins there, and where its numbers are: of two halves of
  // the slots.
  int columns_from(Index first) const;
  void read_columns(Rows rows, Index first, int half, const double** numbers) const;

  // Valid until the next column is read into the same slot.
  Eigen::Map<const Vector> column(Index j, Rows rows, int slot = 0) const;

  Index rows_;
  std::vector<Column> columns_;
  Vector scale_;
};

}  // namespace fastlogit
