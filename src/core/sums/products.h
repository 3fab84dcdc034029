// Of directions D in the columns, p x m: X' W X D at some coefficients (W the expected weights),
// with the residual X D formed row by row: where it is small, it keeps the digits that X' W X
// loses. Asked for where rows are not dense.
#pragma once

#include <memory>
#include <utility>
#include <vector>

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
    in_cells_ = rows.predictors().to_cells(beta_);
    Matrix steps;
    for (Index j = 0; j < directions_.cols(); ++j) {
      const Vector step = rows.predictors().direction_to_cells(directions_.col(j));
      if (j == 0) steps.resize(step.size(), directions_.cols());
      steps.col(j) = step;
    }
    zero(steps);
    steps_ = std::make_shared<const Matrix>(std::move(steps));
  }
  void add(const RowBlocks& rows, Rows block) override {
    rows.predictors().add_products(
        block, rows.weights(block, in_cells_), *steps_, products_.cross, products_.squares);
  }
  void merge_own(const ProductsSum& other) {
    products_.cross += other.products_.cross;
    products_.squares += other.products_.squares;
  }
  void finish(const RowBlocks& rows) override {
    Matrix cross(directions_.rows(), directions_.cols());
    for (Index j = 0; j < cross.cols(); ++j) {
      cross.col(j) = rows.predictors().direction_from_cells(products_.cross.col(j));
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
