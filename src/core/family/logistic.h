// The logit link and single trials, by far the most frequent case: log-likelihood and derivatives
// of many rows without a branch.
//
// A branch on the outcome or on the sign of eta is mispredicted half of the time, which costs more
// than all of the arithmetic; and compilers make branches of whatever looks like one. With s = 1
// for a success and -1 for a failure, z = s eta, and odds = exp(-|eta|), the row has the
// log-likelihood min(z, 0) - log(1 + odds), the residual s (1 or odds, whichever z says) / (1 +
// odds) and the weight odds / (1 + odds)^2.
#pragma once

#include "../types.h"

namespace fastlogit {

// Rows of single trials, one after another; residual and weight may be null. w: null when all are
// 1; whatever y and eta are where w is 0, nothing comes of them.
struct LogisticRows {
  const double* eta;
  const double* y;  // 0 or 1
  const double* w;
  const double* odds;
  const double* log_total;
  double* residual;
  double* weight;

  LogisticRows from(Index i) const {
    return {eta + i,
            y + i,
            w ? w + i : nullptr,
            odds + i,
            log_total + i,
            residual ? residual + i : nullptr,
            weight ? weight + i : nullptr};
  }
};

// Fills residual and weight as far as they are not null; returns the log-likelihood.
double logistic_rows(const LogisticRows& rows, Index n);

}  // namespace fastlogit
