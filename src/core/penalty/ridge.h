// Ridge: half a weighted sum of squares of the coefficients is taken off (Hoerl & Kennard 1970;
// le Cessie & van Houwelingen 1992). The symmetric one is that of the coefficients of all classes
// around their mean, whichever class the predictors are relative to.
#pragma once

#include <utility>

#include "penalty.h"

namespace fastlogit {

class RidgePenalty final : public Penalty {
 public:
  // strength: of each column of the design; 0: it is not penalised.
  explicit RidgePenalty(Vector strength, bool symmetric = false)
      : strength_(std::move(strength)), symmetric_(symmetric) {}

  void apply(const Vector& beta,
             const CoordinateSystem& system,
             Evaluator&,
             Moments& moments) const override {
    const Index p = strength_.size();
    const Index predictors = beta.size() / p;
    const double share = share_of(predictors);
    const Vector pull = -curvature_times(beta);
    moments.penalty = 0.5 * pull.dot(beta);
    moments.loglik += moments.penalty;
    if (moments.score.size() > 0) moments.score += system.pull_back(pull);
    if (moments.information.size() == 0) return;
    if (const SparsePattern* const pattern = moments.information.pattern()) {
      for (Index j = 0; j < p; ++j) {
        moments.information.values()[pattern->start[j]] += (1.0 - share) * strength_[j];
      }
      return;
    }
    Matrix curvature = strength_.asDiagonal();
    if (system.basis.size()) {
      curvature = system.basis.transpose() * strength_.asDiagonal() * system.basis;
    }
    for (Index k = 0; k < predictors; ++k) {
      for (Index l = 0; l < predictors; ++l) {
        if (k != l && !symmetric_) continue;
        moments.information.dense().block(k * p, l * p, p, p) +=
            ((k == l ? 1.0 : 0.0) - share) * curvature;
      }
    }
  }

  Vector curvature_times(const Vector& v) const override {
    const Index p = strength_.size();
    const Index predictors = v.size() / p;
    const Vector mean =
        share_of(predictors) * Eigen::Map<const Matrix>(v.data(), p, predictors).rowwise().sum();
    Vector product(v.size());
    for (Index k = 0; k < predictors; ++k) {
      product.segment(k * p, p) = strength_.cwiseProduct(v.segment(k * p, p) - mean);
    }
    return product;
  }

  Order line_search_order() const override { return Order::value; }

 private:
  // Of the other classes in the mean.
  double share_of(Index predictors) const {
    return symmetric_ ? 1.0 / static_cast<double>(predictors + 1) : 0.0;
  }

  Vector strength_;
  bool symmetric_;
};

}  // namespace fastlogit
