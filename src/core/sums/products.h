// Of directions D, p x m: X' W X D at some coefficients (W the expected weights), with the residual
// X D formed row by row: where it is small, it keeps the digits that X' W X loses. Asked for where
// rows are not dense.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "cells.h"
#include "sum.h"

namespace fastlogit {

struct RowProducts {
  Matrix cross;
  Vector squares;  // the squared lengths of the columns of sqrt(W) X D
};

class ProductsSum final : public SumOf<ProductsSum> {
 public:
  static constexpr const char* kName = "products";

  ProductsSum(Vector beta, Matrix directions)
      : beta_(std::move(beta)), directions_(std::move(directions)) {}
  explicit ProductsSum(Unpacker& in) : beta_(in.sized()), directions_(in.sized()) {}

  static std::vector<ProductsSum> examples(const ExamplePoint& at) {
    return {{at.beta, at.directions.topRows(at.columns)}};
  }

  void pack_question(Packer& out) const override {
    out.add_sized(beta_);
    out.add_sized(directions_);
  }

  void zero() override { zero(directions_); }
  void zero(const RowBlocks& rows) override {
    in_cells_ = rows.to_cells(beta_);
    Matrix steps(rows.design().cells(), directions_.cols());
    for (Index j = 0; j < steps.cols(); ++j) {
      steps.col(j) = coefficients_to_cells(rows.design(), 1, directions_.col(j));
    }
    zero(steps);
    steps_ = std::make_shared<const Matrix>(std::move(steps));
  }
  void add(const RowBlocks& rows, Rows block) override {
    const Vector weight = rows.total_weight(block, in_cells_);
    for (Index j = 0; j < steps_->cols(); ++j) {
      Vector residual = Vector::Zero(block.size());
      rows.design().predict(block, steps_->col(j), residual);
      products_.squares[j] += weight.dot(residual.cwiseAbs2());
      rows.design().add_score(block, weight.cwiseProduct(residual), products_.cross.col(j));
    }
  }
  void merge_own(const ProductsSum& other) {
    products_.cross += other.products_.cross;
    products_.squares += other.products_.squares;
  }
  void finish(const RowBlocks& rows) override {
    Matrix cross(directions_.rows(), directions_.cols());
    for (Index j = 0; j < cross.cols(); ++j) {
      cross.col(j) = score_from_cells(rows.design(), 1, products_.cross.col(j));
    }
    products_.cross = std::move(cross);
  }

  void pack(Packer& out) const override {
    out.add(products_.cross);
    out.add(products_.squares);
  }
  void unpack(Unpacker& in) override {
    products_.cross = in.matrix(directions_.rows(), directions_.cols());
    products_.squares = in.vector(directions_.cols());
  }

  RowProducts& value() { return products_; }

 private:
  void zero(const Matrix& like) {
    products_.cross = Matrix::Zero(like.rows(), like.cols());
    products_.squares = Vector::Zero(like.cols());
  }

  Vector beta_;
  Matrix directions_;
  Vector in_cells_;
  std::shared_ptr<const Matrix> steps_;  // the directions in cells
  RowProducts products_;
};

}  // namespace fastlogit
