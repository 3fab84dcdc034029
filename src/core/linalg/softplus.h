// exp(-|x|) and log(1 + exp(-|x|)) over arrays: all that a logistic function and its logarithm
// take.
#pragma once

#include "../types.h"

namespace fastlogit {

// odds[i] = exp(-|x[i]|), log_total[i] = log(1 + odds[i]), each right to about one unit in the last
// place, but that exp(-|x|) below 1e-307 is 0.
void softplus(const double* x, Index n, double* odds, double* log_total);

}  // namespace fastlogit
