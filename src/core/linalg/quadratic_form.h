// x' A x for the rows x of a block: what leverages are made of.
//
// As for X' W X nearly all of the work is products of packed columns (here rows, and the columns of
// A), which the same tiles do. Half of the symmetric A suffices, with what is off the diagonal
// counted twice.
#pragma once

#include <algorithm>
#include <utility>

#include "../types.h"
#include "blocked.h"

namespace fastlogit {

class QuadraticForm {
 public:
  // a: symmetric
  explicit QuadraticForm(Matrix a) : a_(std::move(a)) {
    const Index p = a_.rows();
    half_.resize(p, p);
    for (Index j = 0; j < p; ++j) {
      double* const column = half_.column(j);
      for (Index k = 0; k < j; ++k) column[k] = 2.0 * a_(k, j);
      column[j] = a_(j, j);
      std::fill(column + j + 1, column + half_.height(), 0.0);
    }
  }

  const Matrix& matrix() const { return a_; }

  // block: rows x p
  void of_rows(const ConstMatrixRef& block, VectorRef out) const {
    constexpr Index kGroupBytes = 256 * 1024;  // of rows, to stay in the second-level cache
    const Index bytes = half_.stride() * static_cast<Index>(sizeof(double));
    const Index group = std::max<Index>(kPackDoubles, kGroupBytes / bytes);
    out.setZero();
    for (Index begin = 0; begin < block.rows(); begin += group) {
      const Index rows = std::min(group, block.rows() - begin);
      add_group(block.middleRows(begin, rows), out.segment(begin, rows));
    }
  }

 private:
  void add_group(const ConstMatrixRef& block, VectorRef out) const {
    static thread_local PackedColumns rows;
    const GramKernels kernels = gram_kernels(active_simd());
    pack_rows(block, 0, rows);
    for (Index j = 0; j < block.cols(); j += kernels.tile_cols) {
      const Index width = std::min(kernels.tile_cols, block.cols() - j);
      // Below the diagonal there is nothing.
      const Index depth = (j + width + kPackDoubles - 1) / kPackDoubles * kPackDoubles;
      for (Index i = 0; i < block.rows(); i += kernels.tile_rows) {
        const Index height = std::min(kernels.tile_rows, block.rows() - i);
        double products[kLargestTile * kLargestTile] = {};
        kernels.tile(height, width)(
            rows.column(i), half_.column(j), half_.stride(), depth, 1.0, products, kLargestTile);
        for (Index c = 0; c < width; ++c) {
          for (Index r = 0; r < height; ++r) {
            out[i + r] += products[c * kLargestTile + r] * block(i + r, j + c);
          }
        }
      }
    }
  }

  static constexpr Index kLargestTile = 8;  // its edge, of any variant

  Matrix a_;
  PackedColumns half_;
};

}  // namespace fastlogit
