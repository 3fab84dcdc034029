// Ridge: half a weighted sum of squares of the coefficients is taken off (Hoerl & Kennard 1970;
// le Cessie & van Houwelingen 1992).
#pragma once

#include <utility>

#include "penalty.h"

namespace fastlogit {

class RidgePenalty final : public Penalty {
 public:
  // strength: of each column of the design; 0: it is not penalised.
  explicit RidgePenalty(Vector strength) : strength_(std::move(strength)) {}

  void apply(const Vector& beta,
             const CoordinateSystem& system,
             Evaluator&,
             Moments& moments) const override {
    const Index p = strength_.size();
    const Vector pull = -strength_.replicate(beta.size() / p, 1).cwiseProduct(beta);
    moments.penalty = 0.5 * pull.dot(beta);
    moments.loglik += moments.penalty;
    if (moments.score.size() > 0) moments.score += system.pull_back(pull);
    if (moments.information.size() == 0) return;
    if (const SparsePattern* const pattern = moments.information.pattern()) {
      for (Index j = 0; j < p; ++j) moments.information.values()[pattern->start[j]] += strength_[j];
      return;
    }
    Matrix curvature = strength_.asDiagonal();
    if (system.basis.size()) {
      curvature = system.basis.transpose() * strength_.asDiagonal() * system.basis;
    }
    for (Index j = 0; j < beta.size(); j += p) {
      moments.information.dense().block(j, j, p, p) += curvature;
    }
  }

  Order line_search_order() const override { return Order::value; }

 private:
  Vector strength_;
};

}  // namespace fastlogit
