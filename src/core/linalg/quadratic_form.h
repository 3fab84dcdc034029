// x' A x for the rows x of a block: what leverages are made of.
//
// Half of the symmetric A suffices, with what is off the diagonal counted twice; and as many rows
// at a time as registers have lanes, so that nothing has to be added up across them.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "../types.h"
#include "gram.h"

namespace fastlogit {

class QuadraticForm {
 public:
  // a: symmetric
  explicit QuadraticForm(Matrix a);

  const Matrix& matrix() const { return a_; }

  // A column j of the block as numbers, written where they are to be: write(j, column).
  template <typename Write>
  void of_rows(Index rows, const Write& write, VectorRef out) const {
    static thread_local PackedColumns block;
    static thread_local PackedColumns sums;
    const Index cols = a_.rows();
    const GramKernels kernels = gram_kernels(active_simd());
    block.resize(rows, cols);
    sums.resize(rows, 1);
    for (Index j = 0; j < cols; ++j) write(j, block.column(j));
    std::fill_n(sums.column(0), sums.stride(), 0.0);
    for (Index first = 0; first < cols; first += kFormCols) {
      const Index width = std::min<Index>(kFormCols, cols - first);
      kernels.forms[width - 1](block.column(0),
                               block.stride(),
                               rows,
                               half_.data() + start_[first / kFormCols],
                               first + width,
                               first,
                               sums.column(0));
    }
    out = Eigen::Map<const Vector>(sums.column(0), rows);
  }

 private:
  Matrix a_;
  std::vector<double> half_;  // the upper triangle in panels of kFormCols columns, row by row
  std::vector<Index> start_;  // of each panel
};

}  // namespace fastlogit
