#include "row_blocks.h"

#include <utility>

#include "cells.h"

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

Matrix RowBlocks::offset(Rows rows) const {
  const Index q = family_->predictors();
  if (!offset_) return Matrix::Zero(rows.size(), q);
  return Eigen::Map<const Matrix>(offset_, design_.rows(), q).middleRows(rows.begin, rows.size());
}

Matrix RowBlocks::predict(Rows rows, const Vector& beta) const {
  const Index cells = design_.cells();
  Matrix eta = offset(rows);
  for (Index j = 0; j < eta.cols(); ++j) {
    design_.predict(rows, beta.segment(j * cells, cells), eta.col(j));
  }
  return eta;
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

SetBlock RowBlocks::sets(Rows rows, const Matrix& eta) const {
  return {in_basis(), rows, eta, response(rows.begin), family_->set_scale()};
}

Matrix RowBlocks::weighted_rows(Rows rows, const Vector& beta) const {
  if (family_->of_sets()) {
    const Matrix eta = predict(rows, beta);
    return weighted_set_rows({design_, rows, eta, response(rows.begin), family_->set_scale()});
  }
  Matrix block(rows.size(), design_.cols());
  design_.copy(rows, block);
  return total_weight(rows, beta).cwiseSqrt().asDiagonal() * block;
}

std::shared_ptr<const SparsePattern> RowBlocks::pattern() const {
  return family_->predictors() == 1 && !family_->of_sets() && !basis_ ? design_.pattern() : nullptr;
}

}  // namespace fastlogit
