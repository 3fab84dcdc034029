// Variances and leverages of a sparse problem without its dense inverse: elements of (L L')^-1 on
// the pattern of L only, from the last column to the first (Takahashi, Fagan & Chen 1973).
#pragma once

#include <vector>

#include "factor.h"

namespace fastlogit {

// (L L')^-1 where L has entries. The pattern has to be complete: with (i, j) and (k, j), (i, k) is
// in it, as in every Cholesky factor.
std::vector<double> inverse_on_factor(const SparseFactor& lower);

Vector inverse_diagonal(const SparseFactor& lower);

// A^-1 where A has entries, given its factor: new_of[j] is the row of L that is row j of A.
Vector inverse_on_pattern(const SparseFactor& lower,
                          const std::vector<int>& new_of,
                          const SparsePattern& pattern);

}  // namespace fastlogit
