#include "panel_gram.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "roots.h"

namespace fastlogit {

namespace {

constexpr Index kAlignment = 64;  // bytes: of the widest vector, and a line of the cache

// Of A, to stay in the second-level cache.
constexpr Index kGroupBytes = 256 * 1024;

}  // namespace

void PanelGramBuffer::Panels::resize(Index rows, Index width, Index cols) {
  width_ = width;
  panel_ = rows * width;
  const Index numbers = (cols + width - 1) / width * panel_;
  const std::size_t needed = static_cast<std::size_t>(numbers) + kAlignment / sizeof(float);
  if (memory_.size() < needed) memory_.resize(needed);
  const std::uintptr_t address = reinterpret_cast<std::uintptr_t>(memory_.data());
  first_ = memory_.data() + (kAlignment - address % kAlignment) % kAlignment / sizeof(float);
}

void PanelGramBuffer::begin(const ConstVectorRef& weight, Index cols) {
  rows_ = weight.size();
  cols_ = cols;
  kernels_ = panel_kernels(active_simd());
  root_.resize(rows_);
  const Signs signs = square_roots(weight.data(), rows_, active_simd(), root_.data());
  some_positive_ = signs.some_positive;
  int exponent = 0;
  std::frexp(rows_ > 0 ? root_.maxCoeff() : 0.0, &exponent);
  root_ *= std::ldexp(1.0, -exponent);
  unit_ = std::ldexp(1.0, 2 * exponent);
  negative_.clear();
  for (Index k = 0; signs.some_negative && k < rows_; ++k) {
    if (weight[k] < 0.0) negative_.push_back(k);
  }
  packed_.resize(rows_, kernels_.width, cols_);
  edge_.resize(kernels_.width, kernels_.cols);
}

void PanelGramBuffer::pack_columns(Index first,
                                   int count,
                                   const double* const* x,
                                   const double* scale) {
  const Index end = first + count;
  const Index padded = (end + kernels_.width - 1) / kernels_.width * kernels_.width;
  for (Index j = first; j < (end < cols_ ? end : padded); j += kPackedColumns) {
    const double* column[kPackedColumns];
    double factor[kPackedColumns];
    for (int k = 0; k < kPackedColumns; ++k) {
      const bool there = j + k < end;
      column[k] = there ? x[j + k - first] : root_.data();
      factor[k] = there ? scale[j + k - first] : 0.0;
    }
    kernels_.pack(column, root_.data(), factor, rows_, packed_.column(j));
  }
}

void PanelGramBuffer::add_gram(MatrixRef information) {
  const bool mixed = some_positive_ && !negative_.empty();
  if (mixed) add_signed_rows();
  Panels& b = mixed ? signed_ : packed_;
  const double sign = mixed || some_positive_ ? unit_ : -unit_;
  const Index bytes = rows_ * kernels_.width * static_cast<Index>(sizeof(float));
  const Index group = std::max<Index>(1, kGroupBytes / std::max<Index>(1, bytes)) * kernels_.width;
  for (Index first = 0; first < cols_; first += group) {
    const Index last = std::min(first + group, cols_);
    for (Index j = 0; j < last; j += kernels_.cols) {
      const Index begin = std::max(first, j / kernels_.width * kernels_.width);
      for (Index i = begin; i < last; i += kernels_.width) add_tile(b, i, j, sign, information);
    }
  }
}

void PanelGramBuffer::add_signed_rows() {
  signed_.resize(rows_, kernels_.width, cols_);
  for (Index j = 0; j < cols_; j += kernels_.width) {
    std::copy_n(packed_.column(j), rows_ * kernels_.width, signed_.column(j));
    for (const Index k : negative_) {
      float* const row = signed_.column(j) + k * kernels_.width;
      for (Index i = 0; i < kernels_.width; ++i) row[i] = -row[i];
    }
  }
}

void PanelGramBuffer::add_tile(Panels& b, Index i, Index j, double sign, MatrixRef information) {
  const Index height = std::min(kernels_.width, cols_ - i);
  const Index width = std::min(kernels_.cols, cols_ - j);
  if (height == kernels_.width && width == kernels_.cols) {
    kernels_.tile(
        packed_.column(i), b.column(j), rows_, sign, &information(i, j), information.outerStride());
    return;
  }
  edge_.setZero();
  kernels_.tile(packed_.column(i), b.column(j), rows_, sign, edge_.data(), edge_.rows());
  information.block(i, j, height, width) += edge_.topLeftCorner(height, width);
}

}  // namespace fastlogit
