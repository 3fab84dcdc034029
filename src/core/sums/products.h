// Of directions D, p x m: X' W X D at some coefficients (W the expected weights), with the residual
// X D formed row by row: where it is small, it keeps the digits that X' W X loses. Asked for where
// rows are not dense.
#pragma once

#include <utility>

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

  void pack_question(Packer& out) const override {
    out.add_sized(beta_);
    out.add_sized(directions_);
  }

  void zero() override {
    products_.cross = Matrix::Zero(directions_.rows(), directions_.cols());
    products_.squares = Vector::Zero(directions_.cols());
  }
  void add(const RowBlocks& rows, Rows block) override {
    const Vector weight = rows.total_weight(block, beta_);
    for (Index j = 0; j < directions_.cols(); ++j) {
      Vector residual = Vector::Zero(block.size());
      rows.design().predict(block, directions_.col(j), residual);
      products_.squares[j] += weight.dot(residual.cwiseAbs2());
      rows.design().add_score(block, weight.cwiseProduct(residual), products_.cross.col(j));
    }
  }
  void merge_own(const ProductsSum& other) {
    products_.cross += other.products_.cross;
    products_.squares += other.products_.squares;
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
  Vector beta_;
  Matrix directions_;
  RowProducts products_;
};

}  // namespace fastlogit
