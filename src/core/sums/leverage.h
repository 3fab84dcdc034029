// The leverages of rows, without their weights: x' S_jk x for the blocks of an inverse information
// S.
#pragma once

#include <vector>

#include "../design/design.h"
#include "../linalg/quadratic_form.h"

namespace fastlogit {

class Leverages {
 public:
  // The inverse has to outlive the leverages.
  Leverages(const Design& design, Index predictors, const Information& inverse);

  // rows x q (q + 1) / 2, pairs (j, k <= j) row by row of the lower triangle.
  Matrix of(Rows rows) const;

 private:
  const Design& design_;
  const Information& inverse_;
  std::vector<QuadraticForm> forms_;  // in cells; none where the inverse has a pattern
};

}  // namespace fastlogit
