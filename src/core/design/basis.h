// The design X T: another design in other coordinates, for derivatives where the columns of X are
// nearly dependent.
#pragma once

#include "design.h"

namespace fastlogit {

class BasisDesign final : public Design {
 public:
  BasisDesign(const Design& design, Matrix basis) : design_(design), basis_(std::move(basis)) {}

  Index rows() const override;
  Index cols() const override;

  void predict(Rows rows, const ConstVectorRef& gamma, VectorRef eta) const override;

  void add_score(Rows rows, const ConstVectorRef& residual, VectorRef score) const override;

  void add_scores(Rows rows,
                  const ConstVectorRef& residual,
                  const int* group,
                  MatrixRef sums) const override;

  void add_information(Rows rows,
                       const ConstVectorRef& weight,
                       MatrixRef information) const override;

  void quadratic_form(Rows rows, const QuadraticForm& a, VectorRef out) const override;

  void copy(Rows rows, MatrixRef out) const override;

 private:
  // The product is formed row by row: only so are its columns orthogonal to working precision.
  Matrix block(Rows rows) const;

  const Design& design_;
  Matrix basis_;
};

}  // namespace fastlogit
