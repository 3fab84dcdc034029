// The largest and the least of many numbers, as quickly as they come from memory.
#pragma once

#include <utility>

#include "../types.h"

namespace fastlogit {

// The largest absolute value; NaN where some number is none, the one with the largest bits, so that
// R's missing values are told from others.
double largest_magnitude(const double* x, Index n);

// The least and the largest number, both NaN where some number is none.
std::pair<double, double> range_of(const double* x, Index n);

}  // namespace fastlogit
