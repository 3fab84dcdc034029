// How far a step in the coefficients moves the linear predictors of a row at most: the largest sum
// of their changes, in absolute value.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "sum.h"

namespace fastlogit {

class ReachSum final : public SumOf<ReachSum> {
 public:
  static constexpr const char* kName = "reach";

  explicit ReachSum(Vector step) : step_(std::move(step)) {}
  explicit ReachSum(Unpacker& in) : step_(in.sized()) {}

  static std::vector<ReachSum> examples(const ExamplePoint& at) {
    return {ReachSum(at.directions.col(0))};
  }

  void pack_question(Packer& out) const override { out.add_sized(step_); }

  void zero() override { farthest_ = 0.0; }
  void zero(const RowBlocks& rows) override {
    in_cells_ = rows.predictors().to_cells(step_);
    zero();
  }
  void add(const RowBlocks& rows, Rows block) override {
    Matrix along = Matrix::Zero(block.size(), rows.predictors().count());
    rows.predictors().predict(block, in_cells_, along);
    Vector moved = Vector::Zero(block.size());
    for (Index j = 0; j < along.cols(); ++j) moved += along.col(j).cwiseAbs();
    farthest_ = std::max(farthest_, moved.maxCoeff());
  }
  void merge_own(const ReachSum& other) { farthest_ = std::max(farthest_, other.farthest_); }

  void pack(Packer& out) const override { out.add(farthest_); }
  void unpack(Unpacker& in) override { farthest_ = in.number(); }

  double& value() { return farthest_; }

 private:
  Vector step_;
  Vector in_cells_;
  double farthest_ = 0.0;
};

}  // namespace fastlogit
