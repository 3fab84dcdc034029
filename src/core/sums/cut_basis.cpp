#include "cut_basis.h"

#include <vector>

#include "cut_leverages.h"

namespace fastlogit {

CutPredictorsInBasis::CutPredictorsInBasis(const CutPredictors& predictors, Matrix basis)
    : predictors_(predictors), basis_(std::move(basis)) {}

void CutPredictorsInBasis::predict(Rows rows, const ConstVectorRef& in_cells, MatrixRef eta) const {
  for (Index l = 0; l < count(); ++l) {
    eta.col(l) += predictors_.rows_of(rows, l) * (basis_ * in_cells);
  }
}

void CutPredictorsInBasis::add_score(Rows rows,
                                     const ConstMatrixRef& residual,
                                     VectorRef sums) const {
  // Formed row by row: only so are the columns orthogonal to working precision.
  for (Index l = 0; l < count(); ++l) {
    sums += (predictors_.rows_of(rows, l) * basis_).transpose() * residual.col(l);
  }
}

void CutPredictorsInBasis::add_information(Rows rows,
                                           const ConstMatrixRef& weight,
                                           Information& sums) const {
  std::vector<Matrix> own;
  for (Index l = 0; l < count(); ++l) own.push_back(predictors_.rows_of(rows, l) * basis_);
  for (Index l = 0; l < count(); ++l) {
    for (Index m = 0; m < count(); ++m) {
      sums.dense() += own[l].transpose() * weight.col(pair_of(l, m)).asDiagonal() * own[m];
    }
  }
}

Matrix CutPredictorsInBasis::weighted_rows(Rows rows, const ConstMatrixRef& weight) const {
  return predictors_.weighted_rows(rows, weight) * basis_;
}

void CutPredictorsInBasis::add_products(Rows rows,
                                        const ConstMatrixRef& weight,
                                        const ConstMatrixRef& steps,
                                        MatrixRef cross,
                                        VectorRef squares) const {
  const Matrix weighted = weighted_rows(rows, weight);
  const Matrix along = weighted * steps;
  cross += weighted.transpose() * along;
  squares += along.colwise().squaredNorm().transpose();
}

std::unique_ptr<Leverages> CutPredictorsInBasis::leverages(const Information& inverse) const {
  return std::make_unique<CutLeverages>(predictors_, basis_, inverse);
}

}  // namespace fastlogit
