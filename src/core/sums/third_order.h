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
    const Index q = rows.family().predictors();
    const Index cells = rows.design().cells();
    in_cells_ = rows.to_cells(beta_);
    Matrix steps(cells, q * directions_->cols());  // q columns for each direction
    for (Index k = 0; k < directions_->cols(); ++k) {
      const Vector step = rows.to_cells(directions_->col(k));
      steps.middleCols(k * q, q) = Eigen::Map<const Matrix>(step.data(), cells, q);
    }
    steps_ = std::make_shared<const Matrix>(std::move(steps));
    zero();
  }
  void add(const RowBlocks& rows, Rows block) override {
    Matrix along = Matrix::Zero(block.size(), steps_->cols());
    for (Index j = 0; j < along.cols(); ++j) {
      rows.design().predict(block, steps_->col(j), along.col(j));
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
