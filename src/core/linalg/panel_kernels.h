// The innermost loops of X' W X in single precision, by outer products of rows.
//
// Columns lie side by side in panels, row by row. A tile keeps the sums of a panel's columns times
// some others in registers, each in a lane of its own, while it runs down the rows: nothing has to
// be added up across lanes, so that many columns run as fast as the machine multiplies. For few
// columns panels are too wide, see gram_kernels.h.
#pragma once

#include "../types.h"
#include "cpu.h"

namespace fastlogit {

// Columns that are packed together; the columns of a panel and of a tile are multiples.
constexpr int kPackedColumns = 4;

struct PanelKernels {
  Index width;  // of a panel
  Index cols;   // of a tile, a divisor

  // out(i, j) += sign * a_i' b_j for the columns i of a panel and j, ..., j + cols - 1 of another;
  // columns of `out` are ld apart.
  void (*tile)(const float* a, const float* b, Index rows, double sign, double* out, Index ld);

  // Columns k of a panel, which starts at out: root x[k] scale[k].
  void (*pack)(
      const double* const* x, const double* root, const double* scale, Index rows, float* out);
};

PanelKernels panel_kernels(Simd simd);

}  // namespace fastlogit
