// What the products of packed columns offer: loops for the instructions of this machine, and the
// memory that they read.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "../types.h"
#include "cpu.h"

namespace fastlogit {

// Packed columns are aligned to, and padded with zeros to a multiple of, the widest vector of all
// variants.
constexpr Index kPackDoubles = 8;
constexpr Index kPackBytes = kPackDoubles * sizeof(double);

// tile<R, C> adds sign * a_i' b_j to out(i, j), i < R, j < C; columns of a and b are `stride`
// apart.
using GramTile = void (*)(
    const double* a, const double* b, Index stride, Index rows, double sign, double* out, Index ld);

// out += x_j sum_k x_k panel(k, j), row by row, for the columns j = first, ..., of which the panel
// has `depth` values each, side by side. Columns of x are `stride` apart, and aligned; up to
// kPackDoubles more than the rows are read and written.
using GramForm = void (*)(const double* x,
                          Index stride,
                          Index rows,
                          const double* panel,
                          Index depth,
                          Index first,
                          double* out);

// The columns of a panel: two packs of rows for each, in registers.
constexpr int kFormCols = 5;

// out = root * x * scale, element by element; root and out are aligned, x need not be.
using GramScale =
    void (*)(const double* x, const double* root, double scale, Index rows, double* out);

// The kernels of one variant.
struct GramKernels {
  Index tile_rows;
  Index tile_cols;
  GramScale scale;
  GramForm forms[kFormCols];  // for panels of 1, 2, ... columns
  const GramTile* tiles;      // tile<r, c> is at (r - 1) tile_cols + c - 1

  GramTile tile(Index rows, Index cols) const { return tiles[(rows - 1) * tile_cols + cols - 1]; }
};

GramKernels gram_kernels(Simd simd);

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

}  // namespace fastlogit
