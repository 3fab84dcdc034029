#include "leverage.h"

namespace fastlogit {

Leverages::Leverages(const Design& design, Index predictors, const Information& inverse)
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

Matrix Leverages::of(Rows rows) const {
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

}  // namespace fastlogit
