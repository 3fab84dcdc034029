// Householder QR of tall matrices by way of their triangular factors, and the rank that R's lm()
// and glm() see.
#pragma once

#include <vector>

#include "../types.h"

namespace fastlogit {

// Multiplies each column by the power of two that brings its largest entry to between 0.5 and 1, so
// that squares stay in range and nothing is rounded. Returns the exponents of the way back.
std::vector<int> equilibrate_columns(Matrix& a);

// R, upper triangular p x p, of A = Q R; the last rows are zero when A has fewer rows than columns.
Matrix triangular_factor(Matrix a);

// The triangular factor of two matrices, one upon the other: of two triangular factors that of all
// their rows, of a factor and more rows that of both. The first may be empty.
Matrix merge(const Matrix& above, const Matrix& below);

// Of some triangular factors, one upon the other.
Matrix merge(const std::vector<Matrix>& factors);

// The columns that depend on those before them, by the rule of lm() and glm() (LINPACK's dqrdc with
// the limited pivoting of R's dqrdc2): in their order, a column is left out, and goes to the end,
// when what the Householder transformations of the columns kept before it leave of it is shorter
// than `tolerance` times the column; a column of length 0 counts as 1 long. R stands for X: the
// lengths are the same. Lengths are computed afresh where dqrdc2 updates them: it matters only
// where rounding decides, and there the order of the rows does, too.
std::vector<bool> aliased_columns(const Matrix& r, double tolerance);

// T, p x p, such that X T has orthonormal columns, but zero ones for aliased columns, whose rows
// are zero, too: beta = T gamma does not use them.
Matrix inverse_of_kept(const Matrix& r, const std::vector<bool>& aliased);

}  // namespace fastlogit
