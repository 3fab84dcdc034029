// The triangular factor of sqrt(W) X at some coefficients (W the expected weights), as a QR
// decomposition of all the rows gives it: where columns are nearly dependent, a Cholesky factor of
// X' W X has half of its digits. Factors of two blocks merge into that of both.
#pragma once

#include <utility>
#include <vector>

#include "../linalg/qr.h"
#include "sum.h"

namespace fastlogit {

class TriangleSum final : public SumOf<TriangleSum> {
 public:
  static constexpr const char* kName = "triangle";

  explicit TriangleSum(Vector beta) : beta_(std::move(beta)) {}
  explicit TriangleSum(Unpacker& in) : beta_(in.sized()) {}

  static std::vector<TriangleSum> examples(const ExamplePoint& at) {
    return {TriangleSum(at.beta)};
  }

  void pack_question(Packer& out) const override { out.add_sized(beta_); }

  void zero() override { factor_ = Matrix(); }
  void zero(const RowBlocks& rows) override {
    in_cells_ = rows.predictors().to_cells(beta_);
    zero();
  }
  void add(const RowBlocks& rows, Rows block) override {
    if (rows.family().of_sets()) {
      const Matrix eta = rows.predict(block, in_cells_);
      factor_ = fastlogit::merge(factor_, weighted_set_rows(rows.sets(block, eta)));
      return;
    }
    const Matrix weighted = rows.predictors().weighted_rows(block, rows.weights(block, in_cells_));
    factor_ = fastlogit::merge(factor_, weighted);
  }
  void merge_own(const TriangleSum& other) { factor_ = fastlogit::merge(factor_, other.factor_); }

  void pack(Packer& out) const override {
    out.add(static_cast<double>(factor_.rows()));
    out.add_lower(factor_.transpose());
  }
  void unpack(Unpacker& in) override {
    const Index size = static_cast<Index>(in.number());
    factor_ = in.lower(size).transpose();
  }

  Matrix& value() { return factor_; }

 private:
  Vector beta_;
  Vector in_cells_;
  Matrix factor_;  // empty: of no rows
};

}  // namespace fastlogit
