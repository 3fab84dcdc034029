// X' W X over a block of rows of many columns in single precision: an information that serves for
// steps, at half of the cost or so.
//
// As GramBuffer: the block is packed as A = sqrt(|W|) X, half of A' S A is computed, and the bits
// depend on the block and on the variant in use only. What blocks come to is added up in double.
#pragma once

#include <vector>

#include "../types.h"
#include "panel_kernels.h"

namespace fastlogit {

// With fewer columns tiles of dot products are as fast.
constexpr Index kPanelColumns = 100;

// Scratch memory for one block at a time, one for each thread. Use:
//
//   buffer.begin(weight, p);                       // weights of any sign
//   buffer.pack_columns(first, count, x, scale);   // from the first column to the last, each once
//   buffer.add_gram(information);                  // information += X' diag(weight) X
class PanelGramBuffer {
 public:
  PanelGramBuffer() = default;
  PanelGramBuffer(const PanelGramBuffer&) = delete;
  PanelGramBuffer& operator=(const PanelGramBuffer&) = delete;

  void begin(const ConstVectorRef& weight, Index cols);

  // first: a multiple of kPackedColumns, and so is count but for the last columns.
  void pack_columns(Index first, int count, const double* const* x, const double* scale);

  // Adds to the lower triangle of a p x p matrix; what is above the diagonal is meaningless
  // afterwards.
  void add_gram(MatrixRef information);

 private:
  // Panels in aligned memory.
  class Panels {
   public:
    void resize(Index rows, Index width, Index cols);
    float* column(Index j) { return first_ + j / width_ * panel_ + j % width_; }

   private:
    std::vector<float> memory_;
    float* first_ = nullptr;
    Index width_ = 1;
    Index panel_ = 0;  // numbers
  };

  void add_signed_rows();
  void add_tile(Panels& b, Index i, Index j, double sign, MatrixRef information);

  Index rows_ = 0;
  Index cols_ = 0;
  bool some_positive_ = false;
  PanelKernels kernels_ = panel_kernels(Simd::baseline);
  double unit_ = 1.0;  // a power of two, of the weights, so that floats have room for them
  Vector root_;        // sqrt(|w|), at most 1
  std::vector<Index> negative_;  // rows
  Panels packed_;                // A
  Panels signed_;                // S A, if the signs are mixed
  Matrix edge_;                  // a tile that sticks out
};

}  // namespace fastlogit
