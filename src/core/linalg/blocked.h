// Cholesky factors of large dense matrices, see block_products.h.
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

}  // namespace fastlogit
