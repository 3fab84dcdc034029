// X' diag(r_k r_l) X over a block of rows, for all pairs l < k of q vectors r: what the weights of
// many classes come to off the diagonal. Each r_k X is packed once, so that a pair costs its
// products and nothing else.
#pragma once

#include "../types.h"
#include "kernels.h"

namespace fastlogit {

// Scratch memory, used as GramBuffer:
//
//   buffer.begin(root, p);                // rows x q
//   buffer.pack_column(j, x, scale);      // for each of the p columns
//   buffer.subtract_grams(information);   // block (k, l) -= X' diag(r_k r_l) X, lower triangles
class FactoredGramBuffer {
 public:
  FactoredGramBuffer() = default;
  FactoredGramBuffer(const FactoredGramBuffer&) = delete;
  FactoredGramBuffer& operator=(const FactoredGramBuffer&) = delete;

  void begin(const ConstMatrixRef& root, Index cols);

  void pack_column(Index j, const double* x, double scale);

  // What is above the diagonal of a block is meaningless afterwards.
  void subtract_grams(MatrixRef information) const;

 private:
  void subtract_gram(Index k, Index l, MatrixRef information) const;

  Index rows_ = 0;
  Index cols_ = 0;
  Index predictors_ = 0;
  GramKernels kernels_ = gram_kernels(Simd::baseline);
  PackedColumns root_;
  PackedColumns packed_;  // of r_k X, predictor by predictor
};

}  // namespace fastlogit
