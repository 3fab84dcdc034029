// The predictors of ordered classes in other coordinates T, dense: where columns are nearly
// dependent.
#pragma once

#include <memory>
#include <utility>

#include "cut_predictors.h"

namespace fastlogit {

class CutPredictorsInBasis final : public Predictors {
 public:
  CutPredictorsInBasis(const CutPredictors& predictors, Matrix basis);

  Index count() const override { return predictors_.count(); }
  Index size() const override { return basis_.cols(); }
  Index columns() const override { return basis_.cols(); }
  Index cells() const override { return basis_.cols(); }
  Index information_numbers() const override { return cells() * cells(); }

  Vector to_cells(const ConstVectorRef& beta) const override { return beta; }
  Vector score_from_cells(const ConstVectorRef& sums) const override { return sums; }
  Information zero_information() const override { return Information::zero(cells(), nullptr); }
  Information zero_products() const override { return zero_information(); }
  Information information_from_cells(Information& sums) const override { return std::move(sums); }

  void predict(Rows rows, const ConstVectorRef& in_cells, MatrixRef eta) const override;
  void add_score(Rows rows, const ConstMatrixRef& residual, VectorRef sums) const override;
  void add_information(Rows rows, const ConstMatrixRef& weight, Information& sums) const override;
  Matrix weighted_rows(Rows rows, const ConstMatrixRef& weight) const override;
  Vector direction_to_cells(const ConstVectorRef& direction) const override { return direction; }
  Vector direction_from_cells(const ConstVectorRef& sums) const override { return sums; }
  void add_products(Rows rows,
                    const ConstMatrixRef& weight,
                    const ConstMatrixRef& steps,
                    MatrixRef cross,
                    VectorRef squares) const override;
  std::unique_ptr<Leverages> leverages(const Information& inverse) const override;

 private:
  const CutPredictors& predictors_;
  Matrix basis_;
};

}  // namespace fastlogit
