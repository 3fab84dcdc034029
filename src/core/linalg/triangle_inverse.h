// Inverses of large dense matrices from their Cholesky factors, see block_products.h.
#pragma once

#include "parallel.h"

namespace fastlogit {

// (U' U)^-1 for an upper triangular U.
Matrix inverse_from_factor(const ConstMatrixRef& upper, const Parallel& parallel);

// Its diagonal: half of the work, and memory for some of the rows of U^-1 alone.
Vector inverse_diagonal_from_factor(const ConstMatrixRef& upper, const Parallel& parallel);

}  // namespace fastlogit
