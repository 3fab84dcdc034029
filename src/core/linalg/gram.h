// X' W X over a block of rows, where most of a fit's time goes when there are more than a few
// columns.
//
// The block is packed as A = sqrt(|W|) X, so that the product is a symmetric A' S A with S =
// sign(W), and half of it suffices. Sums run in an order that depends on the block's shape and on
// the variant in use only: the same block gives the same bits on any thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "../types.h"
#include "cpu.h"
#include "gram_kernels.h"

namespace fastlogit {

// How many rows a block of p columns should have: a power of two. 512 rows of the seven columns of
// a tile are 28 KB, about what a first-level cache holds, and fewer rows spend more of their time
// in adding up lanes. The whole block, raw and packed, need not fit the second level (512 rows were
// the fastest up to p = 500 where that is 512 KB), but should fit that and a core's share of the
// third.
inline Index block_rows(Index p) {
  constexpr Index kCacheBytes = 2 * 1024 * 1024;
  constexpr Index kFewest = 128;
  constexpr Index kMost = 512;
  const Index bytes_per_row = 2 * static_cast<Index>(sizeof(double)) * p;
  Index rows = kMost;
  while (rows > kFewest && rows * bytes_per_row > kCacheBytes) rows /= 2;
  return rows;
}

// The kernels of one variant.
struct GramKernels {
  Index tile_rows;
  Index tile_cols;
  GramScale scale;
  GramForm forms[kFormCols];  // for panels of 1, 2, ... columns
  const GramTile* tiles;      // tile<r, c> is at (r - 1) tile_cols + c - 1

  GramTile tile(Index rows, Index cols) const { return tiles[(rows - 1) * tile_cols + cols - 1]; }
};

template <typename Kernels, int... kIndex, int... kForm>
GramKernels make_gram_kernels(std::integer_sequence<int, kIndex...>,
                              std::integer_sequence<int, kForm...>) {
  constexpr int kCols = Kernels::kTileCols;
  static constexpr GramTile kTiles[] = {
      &Kernels::template tile<kIndex / kCols + 1, kIndex % kCols + 1>...};
  return {
      Kernels::kTileRows, kCols, &Kernels::scale, {&Kernels::template form<kForm + 1>...}, kTiles};
}

template <typename Kernels>
GramKernels make_gram_kernels() {
  constexpr int kTiles = Kernels::kTileRows * Kernels::kTileCols;
  return make_gram_kernels<Kernels>(std::make_integer_sequence<int, kTiles>(),
                                    std::make_integer_sequence<int, kFormCols>());
}

inline GramKernels gram_kernels(Simd simd) {
#if FASTLOGIT_X86_VARIANTS
  if (simd == Simd::avx512) return make_gram_kernels<Avx512Kernels>();
  if (simd == Simd::avx2) return make_gram_kernels<Avx2Kernels>();
#endif
  static_cast<void>(simd);
  return make_gram_kernels<BaselineKernels>();
}

// Columns of equal height in aligned memory, filled up with zeros to whole vectors.
class PackedColumns {
 public:
  void resize(Index rows, Index cols) {
    height_ = (rows + kPackDoubles - 1) / kPackDoubles * kPackDoubles;
    // One line more than the height: columns that start a power of two apart share few cache sets.
    stride_ = height_ + kPackDoubles;
    const std::size_t needed = static_cast<std::size_t>(stride_ * cols + kPackDoubles);
    if (memory_.size() < needed) memory_.resize(needed);
    const std::uintptr_t address = reinterpret_cast<std::uintptr_t>(memory_.data());
    first_ = memory_.data() + (kPackBytes - address % kPackBytes) % kPackBytes / sizeof(double);
  }

  // What lies between the rows and the height has to be zero.
  void clear_padding(Index column, Index rows) {
    std::fill(this->column(column) + rows, this->column(column) + height_, 0.0);
  }

  double* column(Index j) { return first_ + j * stride_; }
  const double* column(Index j) const { return first_ + j * stride_; }
  Index height() const { return height_; }
  Index stride() const { return stride_; }

 private:
  std::vector<double> memory_;
  double* first_ = nullptr;
  Index height_ = 0;
  Index stride_ = 0;
};

// Scratch memory for one block at a time, to be kept for the next block; one for each thread. Use:
//
//   buffer.begin(weight, p);                  // as many rows as weights, which may have any sign
//   buffer.pack_column(j, x, scale);          // for each of the p columns
//   buffer.add_gram(information);             // information += X' diag(weight) X
class GramBuffer {
 public:
  GramBuffer() = default;
  GramBuffer(const GramBuffer&) = delete;
  GramBuffer& operator=(const GramBuffer&) = delete;

  void begin(const ConstVectorRef& weight, Index cols) {
    rows_ = weight.size();
    cols_ = cols;
    kernels_ = gram_kernels(active_simd());
    some_positive_ = rows_ > 0 && weight.maxCoeff() > 0.0;
    some_negative_ = rows_ > 0 && weight.minCoeff() < 0.0;
    root_.resize(rows_, 1);
    Eigen::Map<Vector>(root_.column(0), rows_) = weight.cwiseAbs().cwiseSqrt();
    if (mixed()) set_sign(weight);
    packed_.resize(rows_, cols_);
  }

  // Column j of X, `rows` numbers from x on, times a scale.
  void pack_column(Index j, const double* x, double scale = 1.0) {
    kernels_.scale(x, root_.column(0), scale, rows_, packed_.column(j));
    packed_.clear_padding(j, rows_);
  }

  // Adds to the lower triangle of a p x p matrix; what is above the diagonal is meaningless
  // afterwards.
  void add_gram(MatrixRef information) {
    if (!mixed()) {
      add_products(packed_, some_negative_ ? -1.0 : 1.0, information);
      return;
    }
    signed_.resize(rows_, cols_);
    for (Index j = 0; j < cols_; ++j) {
      kernels_.scale(packed_.column(j), sign_.column(0), 1.0, rows_, signed_.column(j));
      signed_.clear_padding(j, rows_);
    }
    add_products(signed_, 1.0, information);
  }

 private:
  bool mixed() const { return some_positive_ && some_negative_; }

  void set_sign(const ConstVectorRef& weight) {
    sign_.resize(rows_, 1);
    for (Index k = 0; k < rows_; ++k) sign_.column(0)[k] = weight[k] < 0.0 ? -1.0 : 1.0;
  }

  // information += sign A' B. Rows of tiles run through a group of columns that fits the first two
  // caches before the next group comes, or a wide matrix would be read from far away again and
  // again.
  void add_products(const PackedColumns& b, double sign, MatrixRef information) const {
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

  // The tiles at rows i, ... and columns first, ..., last - 1, as far as the lower triangle goes.
  void add_tile_row(const PackedColumns& b,
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

  Index rows_ = 0;
  Index cols_ = 0;
  bool some_positive_ = false;
  bool some_negative_ = false;
  GramKernels kernels_ = gram_kernels(Simd::baseline);
  PackedColumns root_;    // sqrt(|w|), one column
  PackedColumns sign_;    // sign(w), one column, if the signs are mixed
  PackedColumns packed_;  // A
  PackedColumns signed_;  // S A, if the signs are mixed
};

}  // namespace fastlogit
