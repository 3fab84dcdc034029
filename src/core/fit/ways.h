// The ways to a maximum, of which most fits take the first alone: from a sample or a given start,
// by way of easier problems, and from other starts where there may be several maxima.
#pragma once

#include <vector>

#include "problem.h"

namespace fastlogit {

// Coefficients, in the user's units, or linear predictors to come close to.
struct StartCandidate {
  Vector coefficients;
  Vector eta;
};

struct Solution {
  Result result;
  int candidate = 0;  // from which the best way began: 1, 2, ...; 0 for none of them
  Index maxima = 0;   // how many different ones were seen
};

// candidates: the last of them is the default, by which the others are judged. rows: of the
// problem, by all threads.
Solution find_maximum(const std::vector<StartCandidate>& candidates,
                      const Problem& problem,
                      const Penalty& penalty,
                      const Control& control,
                      Evaluator& rows);

}  // namespace fastlogit
