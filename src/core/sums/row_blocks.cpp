#include "row_blocks.h"

#include <utility>

#include "cut_basis.h"
#include "separate_predictors.h"

namespace fastlogit {

RowBlocks::RowBlocks(const Design& design,
                     std::shared_ptr<const Family> family,
                     Response response,
                     const double* offset)
    : design_(design), family_(std::move(family)), response_(response), offset_(offset) {
  const Cuts* const cuts = family_->cuts();
  if (cuts) {
    predictors_ = std::make_unique<CutPredictors>(design_, *cuts, response_.category);
    return;
  }
  // Only one predictor's information has the pattern of X' X, and only in the columns' own
  // coordinates.
  const Index q = family_->predictors();
  predictors_ = std::make_unique<SeparatePredictors>(design_, q, q == 1 && !family_->of_sets());
}

void RowBlocks::set_basis(const Matrix& basis) {
  in_basis_ = nullptr;
  basis_ = nullptr;
  if (basis.size() == 0) return;
  if (family_->cuts()) {
    in_basis_ = std::make_unique<CutPredictorsInBasis>(
        static_cast<const CutPredictors&>(*predictors_), basis);
    return;
  }
  basis_ = std::make_unique<BasisDesign>(design_, basis);
  in_basis_ = std::make_unique<SeparatePredictors>(*basis_, family_->predictors(), false);
}

double RowBlocks::draft_scale(Index thinning) const {
  const Index n = design_.rows();
  const Index step = design_.block_rows();
  Index drafted = 0;
  for (Index begin = 0; begin < n; begin += thinning * step) drafted += std::min(step, n - begin);
  return drafted == 0 ? 1.0 : static_cast<double>(n) / static_cast<double>(drafted);
}

Matrix RowBlocks::offset(Rows rows) const {
  const Index q = family_->predictors();
  if (!offset_) return Matrix::Zero(rows.size(), q);
  if (family_->cuts()) {
    return -Eigen::Map<const Vector>(offset_ + rows.begin, rows.size()).replicate(1, q);
  }
  return Eigen::Map<const Matrix>(offset_, design_.rows(), q).middleRows(rows.begin, rows.size());
}

Matrix RowBlocks::predict(Rows rows, const Vector& beta) const {
  Matrix eta = offset(rows);
  predictors_->predict(rows, beta, eta);
  return eta;
}

Matrix RowBlocks::weights(Rows rows, const Vector& beta) const {
  const Index q = family_->predictors();
  Matrix residual(rows.size(), q);
  Matrix weight(rows.size(), q * (q + 1) / 2);
  family_->evaluate(predict(rows, beta),
                    response(rows.begin),
                    Order::information,
                    Curvature::expected,
                    residual,
                    weight);
  return weight;
}

}  // namespace fastlogit
