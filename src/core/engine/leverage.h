// The leverages of rows, without their weights: x' S_jk x for the blocks of an inverse information
// S.
#pragma once

#include <vector>

#include "../design/design.h"

namespace fastlogit {

class Leverages {
 public:
  // The inverse has to outlive the leverages.
  Leverages(const Design& design, Index predictors, const Information& inverse)
      : design_(design), inverse_(inverse) {
    const Index p = design.cols();
    for (Index j = 0; j < predictors && !inverse.pattern(); ++j) {
      for (Index k = 0; k <= j; ++k) {
        // Only the symmetric part counts.
        const auto block = inverse.dense().block(j * p, k * p, p, p);
        forms_.emplace_back(design.form_to_cells(0.5 * (block + block.transpose())));
      }
    }
  }

  // rows x q (q + 1) / 2, pairs (j, k <= j) row by row of the lower triangle.
  Matrix of(Rows rows) const {
    if (inverse_.pattern()) {
      Matrix leverage(rows.size(), 1);
      design_.form_on_pattern(rows, inverse_.values(), leverage.col(0));
      return leverage;
    }
    Matrix leverage(rows.size(), static_cast<Index>(forms_.size()));
    for (Index pair = 0; pair < leverage.cols(); ++pair) {
      design_.quadratic_form(rows, forms_[pair], leverage.col(pair));
    }
    return leverage;
  }

 private:
  const Design& design_;
  const Information& inverse_;
  std::vector<QuadraticForm> forms_;  // in cells; none where the inverse has a pattern
};

}  // namespace fastlogit
