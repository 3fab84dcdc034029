#include "curvature.h"

namespace fastlogit {

void CurvatureSum::pack_question(Packer& out) const {
  out.add_sized(beta_);
  out.add(curvature_ == Curvature::observed ? 1.0 : 0.0);
  out.add_sized(directions_);
  out.add(diagonal_ ? 1.0 : 0.0);
}

void CurvatureSum::zero() {
  parts_.products = Matrix::Zero(directions_.rows(), directions_.cols());
  parts_.diagonal = Vector::Zero(diagonal_ ? directions_.rows() : 0);
}

void CurvatureSum::zero(const RowBlocks& rows) {
  zero();
  in_cells_ = rows.predictors().to_cells(beta_);
  if (rows.family().of_sets()) return;
  parts_.products = Matrix::Zero(rows.in_basis().cells(), directions_.cols());
  directions_in_cells_.clear();
  for (Index j = 0; j < directions_.cols(); ++j) {
    directions_in_cells_.push_back(rows.in_basis().to_cells(directions_.col(j)));
  }
  const Index q = rows.predictors().count();
  if (weights_ && weights_->of != &rows) {
    weights_->values.resize(rows.design().rows(), q * (q + 1) / 2);
  }
}

void CurvatureSum::add(const RowBlocks& rows, Rows block) {
  if (weights_ && weights_->of == &rows) {
    return add_pairs(rows, block, weights_->values.middleRows(block.begin, block.size()));
  }
  const Matrix eta = rows.predict(block, in_cells_);
  const Family& family = rows.family();
  if (family.of_sets()) return add_set_products(rows, block, eta);
  if (family.has_factors()) return add_factored(rows, block, eta);
  const Index q = eta.cols();
  Matrix residual(block.size(), q);
  Matrix weight(block.size(), q * (q + 1) / 2);
  family.evaluate(
      eta, rows.response(block.begin), Order::information, curvature_, residual, weight);
  if (weights_) weights_->values.middleRows(block.begin, block.size()) = weight;
  add_pairs(rows, block, weight);
}

template <typename Weigh>
void CurvatureSum::add_products(const RowBlocks& rows, Rows block, const Weigh& weigh) {
  for (Index j = 0; j < directions_.cols(); ++j) {
    Matrix along = Matrix::Zero(block.size(), rows.predictors().count());
    rows.in_basis().predict(block, directions_in_cells_[j], along);
    rows.in_basis().add_score(block, weigh(along), parts_.products.col(j));
  }
}

void CurvatureSum::add_factored(const RowBlocks& rows, Rows block, const Matrix& eta) {
  Matrix diagonal(block.size(), eta.cols());
  Matrix root(block.size(), eta.cols());
  rows.family().write_factors(eta, rows.response(block.begin), diagonal, root);
  add_products(rows, block, [&](const Matrix& along) -> Matrix {
    const Vector shared = root.cwiseProduct(along).rowwise().sum();
    Matrix weighted = (diagonal + root.cwiseAbs2()).cwiseProduct(along);
    weighted -= shared.asDiagonal() * root;
    return weighted;
  });
  if (!diagonal_) return;
  const Design& design = *rows.in_basis().design_of_each();
  const Index p = design.cols();
  for (Index k = 0; k < eta.cols(); ++k) {
    design.add_squares(block, diagonal.col(k), parts_.diagonal.segment(k * p, p));
  }
}

void CurvatureSum::add_pairs(const RowBlocks& rows, Rows block, const Matrix& weight) {
  add_products(rows, block, [&](const Matrix& along) -> Matrix {
    Matrix weighted = Matrix::Zero(along.rows(), along.cols());
    Index pair = 0;
    for (Index j = 0; j < along.cols(); ++j) {
      for (Index k = 0; k <= j; ++k, ++pair) {
        weighted.col(j) += weight.col(pair).cwiseProduct(along.col(k));
        if (k < j) weighted.col(k) += weight.col(pair).cwiseProduct(along.col(j));
      }
    }
    return weighted;
  });
  if (!diagonal_) return;
  const Design* const design = rows.in_basis().design_of_each();
  if (!design) return add_diagonal_of_pairs(rows, block, weight);
  const Index p = design->cols();
  for (Index k = 0; k * p < parts_.diagonal.size(); ++k) {
    design->add_squares(block, weight.col(k * (k + 3) / 2), parts_.diagonal.segment(k * p, p));
  }
}

void CurvatureSum::add_diagonal_of_pairs(const RowBlocks& rows, Rows block, const Matrix& weight) {
  Information sums = rows.in_basis().zero_information();
  rows.in_basis().add_information(block, weight, sums);
  parts_.diagonal += rows.in_basis().information_from_cells(sums).diagonal();
}

void CurvatureSum::add_set_products(const RowBlocks& rows, Rows block, const Matrix& eta) {
  Matrix information = Matrix::Zero(directions_.rows(), directions_.rows());
  Vector residual(block.size());
  add_set_information(rows.sets_in_basis(block, eta), residual.data(), information);
  parts_.products += information.selfadjointView<Eigen::Lower>() * directions_;
  if (diagonal_) parts_.diagonal += information.diagonal();
}

void CurvatureSum::merge_own(const CurvatureSum& other) {
  parts_.products += other.parts_.products;
  parts_.diagonal += other.parts_.diagonal;
}

void CurvatureSum::finish(const RowBlocks& rows) {
  if (rows.family().of_sets()) return;
  Matrix products(directions_.rows(), directions_.cols());
  for (Index j = 0; j < products.cols(); ++j) {
    products.col(j) = rows.in_basis().score_from_cells(parts_.products.col(j));
  }
  parts_.products = std::move(products);
  if (weights_ && !rows.family().has_factors()) weights_->of = &rows;
}

void CurvatureSum::pack(Packer& out) const {
  out.add(parts_.products);
  out.add(parts_.diagonal);
}

void CurvatureSum::unpack(Unpacker& in) {
  parts_.products = in.matrix(directions_.rows(), directions_.cols());
  parts_.diagonal = in.vector(diagonal_ ? directions_.rows() : 0);
}

}  // namespace fastlogit
