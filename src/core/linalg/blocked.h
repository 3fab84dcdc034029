// Cholesky factors and inverses of large dense matrices.
//
// Eigen compiled by R's default flags reaches a fifth of what the machine can do. Nearly all of the
// work is products of the form A' B, so they are left to the kernels of X' W X: blocks of
// kPanel rows or columns are packed, and what lies beyond them is updated by tiles. Each element is
// written by one task in a fixed order: any number of threads gives the same bits.
#pragma once

#include <vector>

#include "parallel.h"

namespace fastlogit {

// A = L L' in place, in the order of the columns: the lower triangle is read and becomes L; what is
// above means nothing afterwards. A column of whose squared length no more than `least` is left is
// failing: false at the first.
bool factorise(Matrix& a, const Vector& least, const Parallel& parallel);

// The same, but failing columns, which are returned, are left out: L is that of the others, with a
// row and a column of the identity in place of each.
std::vector<bool> factorise_others(Matrix& a, const Vector& least, const Parallel& parallel);

// out -= B' B for a block of a few hundred rows; what is above the diagonal means nothing
// afterwards.
void subtract_products(const ConstMatrixRef& block, Matrix& out, const Parallel& parallel);

// (U' U)^-1 for an upper triangular U.
Matrix inverse_from_factor(const ConstMatrixRef& upper, const Parallel& parallel);

}  // namespace fastlogit
