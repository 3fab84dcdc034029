// Square roots of weights: of each block of rows once, where a fit of few columns spends more time
// than in the products.
#pragma once

#include "../types.h"
#include "cpu.h"

namespace fastlogit {

struct Signs {
  bool some_positive;
  bool some_negative;
};

// out = sqrt(|weight|), the same bits by any instructions; returns which signs there are.
Signs square_roots(const double* weight, Index rows, Simd simd, double* out);

}  // namespace fastlogit
