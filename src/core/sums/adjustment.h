// The sum of the rows' adjustments of the score at some coefficients, in the coordinates of the
// moments, given the inverse of the expected information: full, or on its pattern.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "sum.h"

namespace fastlogit {

class AdjustmentSum final : public SumOf<AdjustmentSum> {
 public:
  static constexpr const char* kName = "adjustment";

  AdjustmentSum(Vector beta, Adjustment kind, Information inverse)
      : beta_(std::move(beta)),
        kind_(kind),
        inverse_(std::make_shared<const Information>(std::move(inverse))) {}
  explicit AdjustmentSum(Unpacker& in)
      : beta_(in.sized()),
        kind_(in.number() != 0.0 ? Adjustment::mean : Adjustment::jeffreys),
        inverse_(std::make_shared<const Information>(in.sized())) {}

  static std::vector<AdjustmentSum> examples(const ExamplePoint& at) {
    return {{at.beta, Adjustment::jeffreys, at.inverse}, {at.beta, Adjustment::mean, at.inverse}};
  }

  Order order() const override { return Order::information; }

  void pack_question(Packer& out) const override {
    out.add_sized(beta_);
    out.add(kind_ == Adjustment::mean ? 1.0 : 0.0);
    out.add_sized(inverse_->dense());
  }

  void zero() override { adjustment_ = Vector::Zero(beta_.size()); }
  void zero(const RowBlocks& rows) override {
    in_cells_ = rows.predictors().to_cells(beta_);
    if (rows.family().of_sets()) return zero();
    leverages_ = rows.in_basis().leverages(*inverse_);
    adjustment_ = Vector::Zero(rows.in_basis().cells());
  }
  void add(const RowBlocks& rows, Rows block) override {
    const Matrix eta = rows.predict(block, in_cells_);
    if (rows.family().of_sets()) {
      return add_set_adjustment(rows.sets_in_basis(block, eta), inverse_->dense(), adjustment_);
    }
    Matrix residual = Matrix::Zero(block.size(), rows.predictors().count());
    rows.family().add_adjustment(
        eta, rows.response(block.begin), kind_, leverages_->of(block), residual);
    rows.in_basis().add_score(block, residual, adjustment_);
  }
  void merge_own(const AdjustmentSum& other) { adjustment_ += other.adjustment_; }
  void finish(const RowBlocks& rows) override {
    if (rows.family().of_sets()) return;
    adjustment_ = rows.in_basis().score_from_cells(adjustment_);
  }

  void pack(Packer& out) const override { out.add(adjustment_); }
  void unpack(Unpacker& in) override { adjustment_ = in.vector(beta_.size()); }

  Vector& value() { return adjustment_; }

 private:
  Vector beta_;
  Adjustment kind_;
  std::shared_ptr<const Information> inverse_;
  Vector in_cells_;
  std::shared_ptr<const Leverages> leverages_;
  Vector adjustment_;
};

}  // namespace fastlogit
