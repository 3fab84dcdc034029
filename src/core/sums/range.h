// The least and the largest linear predictor of the rows that count, as Family::range() has them.
#pragma once

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "sum.h"

namespace fastlogit {

class RangeSum final : public SumOf<RangeSum> {
 public:
  static constexpr const char* kName = "range";

  explicit RangeSum(Vector beta) : beta_(std::move(beta)) {}
  explicit RangeSum(Unpacker& in) : beta_(in.sized()) {}

  static std::vector<RangeSum> examples(const ExamplePoint& at) { return {RangeSum(at.beta)}; }

  void pack_question(Packer& out) const override { out.add_sized(beta_); }

  void zero() override { range_ = {kInfinity, -kInfinity}; }
  void zero(const RowBlocks& rows) override {
    in_cells_ = rows.predictors().to_cells(beta_);
    zero();
  }
  void add(const RowBlocks& rows, Rows block) override {
    Matrix eta = rows.predict(block, in_cells_);
    const Index counted = keep_counted(rows.response(block.begin), eta);
    if (counted > 0) include(rows.family().range(eta.topRows(counted)));
  }
  void merge_own(const RangeSum& other) { include(other.range_); }

  void pack(Packer& out) const override {
    out.add(range_.first);
    out.add(range_.second);
  }
  void unpack(Unpacker& in) override {
    range_.first = in.number();
    range_.second = in.number();
  }

  std::pair<double, double>& value() { return range_; }

 private:
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();

  // Moves the rows that have a weight to the top; returns how many there are.
  static Index keep_counted(const Response& response, Matrix& eta) {
    if (!response.weight) return eta.rows();
    Index counted = 0;
    for (Index i = 0; i < eta.rows(); ++i) {
      if (response.weight[i] > 0.0) eta.row(counted++) = eta.row(i);
    }
    return counted;
  }

  void include(const std::pair<double, double>& other) {
    range_ = {std::min(range_.first, other.first), std::max(range_.second, other.second)};
  }

  Vector beta_;
  Vector in_cells_;
  std::pair<double, double> range_;
};

}  // namespace fastlogit
