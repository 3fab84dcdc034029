// X' W X over a block of rows, where most of a fit's time goes when there are more than a few
// columns.
//
// The block is packed as A = sqrt(|W|) X, so that the product is a symmetric A' S A with S =
// sign(W), and half of it suffices. Sums run in an order that depends on the block's shape and on
// the variant in use only: the same block gives the same bits on any thread.
#pragma once

#include "../types.h"
#include "kernels.h"
#include "roots.h"

namespace fastlogit {

// How many rows a block of p columns should have: a power of two. 512 rows of the seven columns of
// a tile are 28 KB, about what a first-level cache holds, and fewer rows spend more of their time
// in adding up lanes. The whole block, raw and packed, need not fit the second level (512 rows were
// the fastest up to p = 500 where that is 512 KB), but should fit that and a core's share of the
// third.
Index block_rows(Index p);

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

  void begin(const ConstVectorRef& weight, Index cols);

  // Column j of X, `rows` numbers from x on, times a scale.
  void pack_column(Index j, const double* x, double scale = 1.0);

  // Adds to the lower triangle of a p x p matrix; what is above the diagonal is meaningless
  // afterwards.
  void add_gram(MatrixRef information);

 private:
  bool mixed() const { return signs_.some_positive && signs_.some_negative; }

  void set_sign(const ConstVectorRef& weight);

  // information += sign A' B. Rows of tiles run through a group of columns that fits the first two
  // caches before the next group comes, or a wide matrix would be read from far away again and
  // again.
  void add_products(const PackedColumns& b, double sign, MatrixRef information) const;

  // The tiles at rows i, ... and columns first, ..., last - 1, as far as the lower triangle goes.
  void add_tile_row(const PackedColumns& b,
                    double sign,
                    Index i,
                    Index first,
                    Index last,
                    MatrixRef information) const;

  Index rows_ = 0;
  Index cols_ = 0;
  Signs signs_ = {false, false};
  GramKernels kernels_ = gram_kernels(Simd::baseline);
  PackedColumns root_;    // sqrt(|w|), one column
  PackedColumns sign_;    // sign(w), one column, if the signs are mixed
  PackedColumns packed_;  // A
  PackedColumns signed_;  // S A, if the signs are mixed
};

}  // namespace fastlogit
