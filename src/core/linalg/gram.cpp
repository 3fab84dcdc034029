#include "gram.h"

#include <algorithm>

namespace fastlogit {

Index block_rows(Index p) {
  constexpr Index kCacheBytes = 2 * 1024 * 1024;
  constexpr Index kFewest = 128;
  constexpr Index kMost = 512;
  const Index bytes_per_row = 2 * static_cast<Index>(sizeof(double)) * p;
  Index rows = kMost;
  while (rows > kFewest && rows * bytes_per_row > kCacheBytes) rows /= 2;
  return rows;
}

void GramBuffer::begin(const ConstVectorRef& weight, Index cols) {
  rows_ = weight.size();
  cols_ = cols;
  const Simd simd = active_simd();
  kernels_ = gram_kernels(simd);
  root_.resize(rows_, 1);
  signs_ = square_roots(weight.data(), rows_, simd, root_.column(0));
  if (mixed()) set_sign(weight);
  packed_.resize(rows_, cols_);
}

void GramBuffer::pack_column(Index j, const double* x, double scale) {
  kernels_.scale(x, root_.column(0), scale, rows_, packed_.column(j));
  packed_.clear_padding(j, rows_);
}

void GramBuffer::add_gram(MatrixRef information) {
  if (!mixed()) {
    add_products(packed_, signs_.some_negative ? -1.0 : 1.0, information);
    return;
  }
  signed_.resize(rows_, cols_);
  for (Index j = 0; j < cols_; ++j) {
    kernels_.scale(packed_.column(j), sign_.column(0), 1.0, rows_, signed_.column(j));
    signed_.clear_padding(j, rows_);
  }
  add_products(signed_, 1.0, information);
}

void GramBuffer::set_sign(const ConstVectorRef& weight) {
  sign_.resize(rows_, 1);
  for (Index k = 0; k < rows_; ++k) sign_.column(0)[k] = weight[k] < 0.0 ? -1.0 : 1.0;
}

void GramBuffer::add_products(const PackedColumns& b, double sign, MatrixRef information) const {
  constexpr Index kGroupBytes = 128 * 1024;
  const Index group_tiles = std::max<Index>(
      1, kGroupBytes / static_cast<Index>(sizeof(double)) / (b.stride() * kernels_.tile_cols));
  const Index group_cols = group_tiles * kernels_.tile_cols;
  for (Index first = 0; first < cols_; first += group_cols) {
    const Index last = std::min(first + group_cols, cols_);
    const Index first_row = first / kernels_.tile_rows * kernels_.tile_rows;
    for (Index i = first_row; i < cols_; i += kernels_.tile_rows) {
      add_tile_row(b, sign, i, first, last, information);
    }
  }
}

void GramBuffer::add_tile_row(const PackedColumns& b,
                              double sign,
                              Index i,
                              Index first,
                              Index last,
                              MatrixRef information) const {
  const Index height = std::min(kernels_.tile_rows, cols_ - i);
  const Index end = std::min(last, i + height);
  for (Index j = first; j < end; j += kernels_.tile_cols) {
    const Index width = std::min(kernels_.tile_cols, end - j);
    kernels_.tile(height, width)(packed_.column(i),
                                 b.column(j),
                                 b.stride(),
                                 b.height(),
                                 sign,
                                 &information(i, j),
                                 information.outerStride());
  }
}

}  // namespace fastlogit
