// From coefficients to cells, and from the sums over cells back, predictor by predictor.
#pragma once

#include <utility>

#include "../design/design.h"

namespace fastlogit {

Vector coefficients_to_cells(const Design& design, Index predictors, const Vector& beta);

Vector score_from_cells(const Design& design, Index predictors, const Vector& sums);

// Each block of a pair of predictors (j, k <= j) is symmetric, and its lower triangle is filled.
Matrix information_from_cells(const Design& design, Index predictors, Matrix& sums);

// Of the information each block of a pair of predictors (j, k <= j) is symmetric, and its lower
// triangle is filled.
Moments moments_from_cells(const Design& design, Index predictors, Moments& sums, Order order);

}  // namespace fastlogit
