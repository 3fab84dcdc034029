// For each column of directions, p q coefficients each, the sum of the rows' third-order terms
// along it (see Family::add_third_order()): what median bias reduction asks for.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "sum.h"

namespace fastlogit {

class ThirdOrderSum final : public SumOf<ThirdOrderSum> {
 public:
  static constexpr const char* kName = "third order";

  ThirdOrderSum(Vector beta, Matrix directions)
      : beta_(std::move(beta)),
        directions_(std::make_shared<const Matrix>(std::move(directions))) {}
  explicit ThirdOrderSum(Unpacker& in)
      : beta_(in.sized()), directions_(std::make_shared<const Matrix>(in.sized())) {}

  static std::vector<ThirdOrderSum> examples(const ExamplePoint& at) {
    return {{at.beta, at.directions}};
  }

  Order order() const override { return Order::information; }

  void pack_question(Packer& out) const override {
    out.add_sized(beta_);
    out.add_sized(*directions_);
  }

  void zero() override { terms_ = Vector::Zero(directions_->cols()); }
  void zero(const RowBlocks& rows) override {
    in_cells_ = rows.predictors().to_cells(beta_);
    Matrix steps(in_cells_.size(), directions_->cols());
    for (Index k = 0; k < steps.cols(); ++k) {
      steps.col(k) = rows.predictors().to_cells(directions_->col(k));
    }
    steps_ = std::make_shared<const Matrix>(std::move(steps));
    zero();
  }
  void add(const RowBlocks& rows, Rows block) override {
    const Index q = rows.predictors().count();
    Matrix along = Matrix::Zero(block.size(), q * steps_->cols());
    for (Index k = 0; k < steps_->cols(); ++k) {
      rows.predictors().predict(block, steps_->col(k), along.middleCols(k * q, q));
    }
    rows.family().add_third_order(
        rows.predict(block, in_cells_), rows.response(block.begin), along, terms_);
  }
  void merge_own(const ThirdOrderSum& other) { terms_ += other.terms_; }

  void pack(Packer& out) const override { out.add(terms_); }
  void unpack(Unpacker& in) override { terms_ = in.vector(directions_->cols()); }

  Vector& value() { return terms_; }

 private:
  Vector beta_;
  std::shared_ptr<const Matrix> directions_;
  Vector in_cells_;
  std::shared_ptr<const Matrix> steps_;  // the directions in cells
  Vector terms_;
};

}  // namespace fastlogit
