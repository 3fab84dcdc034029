#include "row_blocks.h"

namespace fastlogit {

RowBlocks::RowBlocks(const Design& design,
                     std::shared_ptr<const Family> family,
                     Response response,
                     const double* offset)
    : design_(design), family_(std::move(family)), response_(response), offset_(offset) {}

void RowBlocks::set_basis(const Matrix& basis) {
  basis_ = basis.size() ? std::make_unique<BasisDesign>(design_, basis) : nullptr;
}

Vector RowBlocks::to_cells(const Vector& beta) const {
  return coefficients_to_cells(design_, family_->predictors(), beta);
}

Matrix RowBlocks::predict(Rows rows, const Vector& beta) const {
  const Index n = design_.rows();
  const Index cells = design_.cells();
  Matrix eta(rows.size(), family_->predictors());
  for (Index j = 0; j < eta.cols(); ++j) {
    if (offset_) {
      eta.col(j) = Eigen::Map<const Vector>(offset_ + j * n + rows.begin, rows.size());
    } else {
      eta.col(j).setZero();
    }
    design_.predict(rows, beta.segment(j * cells, cells), eta.col(j));
  }
  return eta;
}

void RowBlocks::add_block(
    Rows rows, const Vector& beta, Order order, Curvature curvature, Moments& moments) const {
  const Design& design = in_basis();
  const Index cells = design.cells();
  const Index q = family_->predictors();
  const Matrix eta = predict(rows, beta);
  Matrix residual(rows.size(), order >= Order::gradient ? q : 0);
  Matrix weight(rows.size(), order >= Order::information ? q * (q + 1) / 2 : 0);
  moments.loglik +=
      family_->evaluate(eta, response(rows.begin), order, curvature, residual, weight);
  if (!(moments.loglik > -std::numeric_limits<double>::infinity())) return;
  for (Index j = 0; j < residual.cols(); ++j) {
    design.add_score(rows, residual.col(j), moments.score.segment(j * cells, cells));
  }
  if (weight.cols() > 0 && moments.information.pattern()) {
    design.add_to_pattern(rows, weight.col(0), moments.information.values());
    return;
  }
  Index pair = 0;
  for (Index j = 0; pair < weight.cols(); ++j) {
    for (Index k = 0; k <= j; ++k, ++pair) {
      design.add_information(rows,
                             weight.col(pair),
                             moments.information.dense().block(j * cells, k * cells, cells, cells));
    }
  }
}

Vector RowBlocks::total_weight(Rows rows, const Vector& beta) const {
  const Index q = family_->predictors();
  Matrix residual(rows.size(), q);
  Matrix weight(rows.size(), q * (q + 1) / 2);
  family_->evaluate(predict(rows, beta),
                    response(rows.begin),
                    Order::information,
                    Curvature::expected,
                    residual,
                    weight);
  Vector total = Vector::Zero(rows.size());
  for (Index j = 0; j < q; ++j) total += weight.col(j * (j + 3) / 2);
  return total;
}

Matrix RowBlocks::weighted_rows(Rows rows, const Vector& beta) const {
  Matrix block(rows.size(), design_.cols());
  design_.copy(rows, block);
  return total_weight(rows, beta).cwiseSqrt().asDiagonal() * block;
}

std::shared_ptr<const SparsePattern> RowBlocks::pattern() const {
  return family_->predictors() == 1 && !basis_ ? design_.pattern() : nullptr;
}

}  // namespace fastlogit
