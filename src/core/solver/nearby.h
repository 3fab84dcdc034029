// Newton's steps from a start that is near the maximum: no line search, no basis, no penalty. Who
// gets no answer asks the loop, which has all of them.
#pragma once

#include <optional>
#include <vector>

#include "../engine/evaluator.h"
#include "../linalg/cholesky.h"

namespace fastlogit {

struct NearbyMaximum {
  Vector beta;
  double loglik;
  Cholesky expected;  // of the expected information there
};

// left_out: coefficients that stay as they are. before: a log-likelihood that is not to be fallen
// short of; unit: of the rows' weights. Nothing where a maximum is in doubt.
std::optional<NearbyMaximum> climb_nearby(
    Evaluator& rows, Vector beta, double before, const std::vector<bool>& left_out, double unit);

}  // namespace fastlogit
