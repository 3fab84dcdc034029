// Predictors each of which has a coefficient for every column of one design, predictor by
// predictor: of two classes the one there is, of many those of the classes.
#pragma once

#include "predictors.h"

namespace fastlogit {

class SeparatePredictors final : public Predictors {
 public:
  // The design has to outlive this. sparse: is the information to keep to the design's pattern, if
  // it has one?
  SeparatePredictors(const Design& design, Index count, bool sparse);

  Index count() const override { return count_; }
  Index size() const override { return design_.cols() * count_; }
  Index columns() const override { return design_.cols(); }
  Index cells() const override { return design_.cells() * count_; }
  Index information_numbers() const override;
  const Design* design_of_each() const override { return &design_; }

  Vector to_cells(const ConstVectorRef& beta) const override;
  Vector score_from_cells(const ConstVectorRef& sums) const override;
  Information zero_information() const override;
  Information zero_products() const override;

  // Each block of a pair of predictors (j, k <= j) is symmetric, and its lower triangle is filled.
  Information information_from_cells(Information& sums) const override;

  void predict(Rows rows, const ConstVectorRef& in_cells, MatrixRef eta) const override;
  void add_score(Rows rows, const ConstMatrixRef& residual, VectorRef sums) const override;
  void add_information(Rows rows, const ConstMatrixRef& weight, Information& sums) const override;
  void add_draft(Rows rows, const ConstMatrixRef& weight, Information& sums) const override;
  void add_factored(Rows rows,
                    const ConstMatrixRef& diagonal,
                    const ConstMatrixRef& root,
                    Information& sums) const override;

  // sqrt(w) X, where w is the sum of the predictors' own weights.
  Matrix weighted_rows(Rows rows, const ConstMatrixRef& weight) const override;

  Vector direction_to_cells(const ConstVectorRef& direction) const override;
  Vector direction_from_cells(const ConstVectorRef& sums) const override;
  void add_products(Rows rows,
                    const ConstMatrixRef& weight,
                    const ConstMatrixRef& steps,
                    MatrixRef cross,
                    VectorRef squares) const override;

  std::unique_ptr<Leverages> leverages(const Information& inverse) const override;

 private:
  // add(weight, block) for the pairs of predictors.
  template <typename Add>
  void for_each_pair(const ConstMatrixRef& weight, Matrix& sums, const Add& add) const;

  Vector total(const ConstMatrixRef& weight) const;

  const Design& design_;
  Index count_;
  std::shared_ptr<const SparsePattern> pattern_;  // of one predictor's information
};

}  // namespace fastlogit
