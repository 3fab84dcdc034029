// A design with one more column of numbers, which comes last.
#pragma once

#include "design.h"

namespace fastlogit {

class ExtendedDesign final : public Design {
 public:
  // column: a number for each row, at most 1 in size. Both have to outlive the design.
  ExtendedDesign(const Design& design, const double* column) : design_(design), column_(column) {}

  Index rows() const override { return design_.rows(); }
  Index cols() const override { return design_.cols() + 1; }
  Index cells() const override { return design_.cells() + 1; }

  Vector to_cells(const ConstVectorRef& beta) const override;
  Vector from_cells(const ConstVectorRef& score) const override;
  Matrix information_from_cells(const ConstMatrixRef& information) const override;
  Matrix form_to_cells(const ConstMatrixRef& form) const override;

  void predict(Rows rows, const ConstVectorRef& beta, VectorRef eta) const override;

  void add_score(Rows rows, const ConstVectorRef& residual, VectorRef score) const override;

  void add_scores(Rows rows,
                  const ConstVectorRef& residual,
                  const int* group,
                  MatrixRef sums) const override;

  void add_information(Rows rows,
                       const ConstVectorRef& weight,
                       MatrixRef information) const override;

  void quadratic_form(Rows rows, const QuadraticForm& a, VectorRef out) const override;

  void copy(Rows rows, MatrixRef block) const override;

  Index numbers() const override { return design_.numbers() + rows(); }
  Index block_rows() const override { return design_.block_rows(); }
  bool has_dense_rows() const override { return design_.has_dense_rows(); }

 private:
  Eigen::Map<const Vector> column(Rows rows) const { return {column_ + rows.begin, rows.size()}; }

  const Design& design_;
  const double* column_;
};

}  // namespace fastlogit
