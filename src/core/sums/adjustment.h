// The sum of the rows' adjustments of the score at some coefficients, in the coordinates of the
// moments, given the inverse of the expected information: full, or on its pattern.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "cells.h"
#include "leverage.h"
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
    const Index q = rows.family().predictors();
    in_cells_ = rows.to_cells(beta_);
    if (rows.family().of_sets()) return zero();
    leverages_ = std::make_shared<const Leverages>(rows.in_basis(), q, *inverse_);
    adjustment_ = Vector::Zero(rows.in_basis().cells() * q);
  }
  void add(const RowBlocks& rows, Rows block) override {
    if (rows.family().of_sets()) {
      const Matrix eta = rows.predict(block, in_cells_);
      return add_set_adjustment(rows.sets(block, eta), inverse_->dense(), adjustment_);
    }
    const Design& design = rows.in_basis();
    const Index q = rows.family().predictors();
    const Index cells = design.cells();
    Matrix residual = Matrix::Zero(block.size(), q);
    const Matrix eta = rows.predict(block, in_cells_);
    rows.family().add_adjustment(
        eta, rows.response(block.begin), kind_, leverages_->of(block), residual);
    for (Index j = 0; j < q; ++j) {
      design.add_score(block, residual.col(j), adjustment_.segment(j * cells, cells));
    }
  }
  void merge_own(const AdjustmentSum& other) { adjustment_ += other.adjustment_; }
  void finish(const RowBlocks& rows) override {
    if (rows.family().of_sets()) return;
    adjustment_ = score_from_cells(rows.in_basis(), rows.family().predictors(), adjustment_);
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
