#include "factored_gram.h"

#include <algorithm>

namespace fastlogit {

void FactoredGramBuffer::begin(const ConstMatrixRef& root, Index cols) {
  rows_ = root.rows();
  cols_ = cols;
  predictors_ = root.cols();
  kernels_ = gram_kernels(active_simd());
  root_.resize(rows_, predictors_);
  for (Index k = 0; k < predictors_; ++k) {
    Eigen::Map<Vector>(root_.column(k), rows_) = root.col(k);
  }
  packed_.resize(rows_, predictors_ * cols_);
}

void FactoredGramBuffer::pack_column(Index j, const double* x, double scale) {
  for (Index k = 0; k < predictors_; ++k) {
    const Index column = k * cols_ + j;
    kernels_.scale(x, root_.column(k), scale, rows_, packed_.column(column));
    packed_.clear_padding(column, rows_);
  }
}

// As many predictors as the second-level cache holds serve all that come after them.
void FactoredGramBuffer::subtract_grams(MatrixRef information) const {
  constexpr Index kGroupBytes = 384 * 1024;
  const Index bytes = packed_.stride() * cols_ * static_cast<Index>(sizeof(double));
  const Index group = std::max<Index>(1, kGroupBytes / std::max<Index>(1, bytes));
  for (Index first = 0; first < predictors_; first += group) {
    for (Index k = first + 1; k < predictors_; ++k) {
      for (Index l = first; l < std::min(first + group, k); ++l) subtract_gram(k, l, information);
    }
  }
}

void FactoredGramBuffer::subtract_gram(Index k, Index l, MatrixRef information) const {
  for (Index i = 0; i < cols_; i += kernels_.tile_rows) {
    const Index height = std::min(kernels_.tile_rows, cols_ - i);
    for (Index j = 0; j < i + height; j += kernels_.tile_cols) {
      const Index width = std::min(kernels_.tile_cols, i + height - j);
      kernels_.tile(height, width)(packed_.column(k * cols_ + i),
                                   packed_.column(l * cols_ + j),
                                   packed_.stride(),
                                   packed_.height(),
                                   -1.0,
                                   &information(k * cols_ + i, l * cols_ + j),
                                   information.outerStride());
    }
  }
}

}  // namespace fastlogit
