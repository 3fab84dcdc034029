// Which columns depend on those before them, where there are too many rows and columns for the QR
// decomposition that decides it for smaller designs (linalg/qr.h).
//
// A Cholesky factor makes columns suspicious. What is left of a suspicious column after projection
// on the others is then formed row by row (corrected semi-normal equations; Bjorck 1996, Numerical
// Methods for Least Squares Problems, section 6.6.5), which keeps the digits that X' W X has lost.
// If it vanishes, its coefficients are a null vector of X, and of the columns that take part in
// null vectors the last ones are aliased.
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "../engine/evaluator.h"
#include "../linalg/cholesky.h"
#include "tuning.h"

namespace fastlogit {

class Dependence {
 public:
  // factor: any order of elimination will do.
  Dependence(Evaluator& rows, const Vector& beta, const Information& information, Cholesky& factor);

  // tolerance: a column is aliased when less than this part of its length is left.
  std::vector<bool> aliased_columns(double tolerance);

 private:
  // Adds the null vectors among the residuals of some columns.
  void project(const std::vector<Index>& columns, double tolerance, std::vector<Vector>& found);

  // Takes off what lies along the residuals that have not vanished, and returns the length of what
  // remains.
  double orthogonalise(Vector& direction);

  void remove_suspicious(Eigen::Ref<Vector> vector) const;

  // The last columns of the echelon form that begins at the end.
  void mark_last(std::vector<Vector> null_vectors, std::vector<bool>& aliased) const;

  Evaluator& rows_;
  const Vector& beta_;
  Vector lengths_;
  Cholesky& factor_;
  std::vector<bool> suspicious_;
  std::vector<Vector> kept_;
};

}  // namespace fastlogit
