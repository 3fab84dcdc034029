// A design stored as a dense column-major matrix, read in place.
#pragma once

#include <utility>

#include "../linalg/gram.h"
#include "design.h"

namespace fastlogit {

// The design is X S for the matrix at `x` and powers of two S: columns of any magnitude come out
// below 1 in absolute value, without rounding, so that neither 1e300 nor 1e-300 leaves the range of
// doubles when squared.
class DenseDesign final : public Design {
 public:
  DenseDesign(const double* x, Index rows, Vector scale)
      : x_(x, rows, scale.size()), scale_(std::move(scale)) {}

  Index rows() const override { return x_.rows(); }
  Index cols() const override { return x_.cols(); }

  void predict(Rows rows, const ConstVectorRef& beta, VectorRef eta) const override {
    // Column by column, so that equal rows have equal predictors wherever they stand in a block.
    // Four at a time, since memory is quicker when it is asked for several streams at once.
    const Vector b = scale_.cwiseProduct(beta);
    const auto x = block(rows);
    Index j = 0;
    for (; j + 4 <= cols(); j += 4) {
      eta = (((eta + b[j] * x.col(j)) + b[j + 1] * x.col(j + 1)) + b[j + 2] * x.col(j + 2)) +
            b[j + 3] * x.col(j + 3);
    }
    for (; j < cols(); ++j) eta += b[j] * x.col(j);
  }

  void add_score(Rows rows, const ConstVectorRef& residual, VectorRef score) const override {
    score += scale_.cwiseProduct(block(rows).transpose() * residual);
  }

  void add_information(Rows rows,
                       const ConstVectorRef& weight,
                       MatrixRef information) const override {
    static thread_local GramBuffer buffer;
    buffer.begin(weight, cols());
    buffer.pack(x_.data() + rows.begin, x_.rows(), scale_.data());
    buffer.add_gram(information);
  }

  void copy(Rows rows, MatrixRef out) const override { out = block(rows) * scale_.asDiagonal(); }

 private:
  using Map = Eigen::Map<const Matrix>;

  Eigen::Block<const Map> block(Rows rows) const {
    return x_.block(rows.begin, 0, rows.size(), cols());
  }

  Map x_;
  Vector scale_;
};

}  // namespace fastlogit
