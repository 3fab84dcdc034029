#include "quadratic_form.h"

namespace fastlogit {

QuadraticForm::QuadraticForm(Matrix a) : a_(std::move(a)) {
  for (Index first = 0; first < a_.rows(); first += kFormCols) {
    const Index cols = std::min<Index>(kFormCols, a_.rows() - first);
    start_.push_back(static_cast<Index>(half_.size()));
    for (Index k = 0; k < first + cols; ++k) {
      for (Index j = first; j < first + cols; ++j) {
        half_.push_back(k < j ? 2.0 * a_(k, j) : k == j ? a_(j, j) : 0.0);
      }
    }
  }
}

}  // namespace fastlogit
