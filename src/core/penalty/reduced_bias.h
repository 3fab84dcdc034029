// Reduction of bias by adjusted scores. With the expected information I and the leverages of the
// rows each is a sum over rows like the score itself, once I^-1 is known.
//
//   Jeffreys  + power log det I: the gradient of a penalised log-likelihood (Kosmidis & Firth
//   2021);
//             with power 1 / 2 and the canonical link this is Firth's (1993).
//   mean      less the first-order bias of the estimates (Kosmidis & Firth 2009)
//   median    less that of their medians, coefficient by coefficient (Kenne Pagui, Salvan & Sartori
//             2017)
#pragma once

#include <limits>
#include <utility>
#include <vector>

#include "../linalg/cholesky.h"
#include "../sums/adjustment.h"
#include "../sums/third_order.h"
#include "penalty.h"

namespace fastlogit {

// What the three have in common. strength: of the derivative of log det I, or what takes its place.
class LeveragePenalty : public Penalty {
 public:
  LeveragePenalty(Adjustment kind, double strength) : kind_(kind), strength_(strength) {}

  void apply(const Vector& beta,
             const CoordinateSystem& system,
             Evaluator& evaluator,
             Moments& moments) const override {
    Cholesky factor([&](Index tasks, const Work& work) { evaluator.run(tasks, work); });
    std::vector<bool> left_out(beta.size());
    for (Index j = 0; j < beta.size(); ++j) left_out[j] = system.is_aliased(j);
    if (!factor.compute(moments.information, left_out)) {
      moments.loglik = -std::numeric_limits<double>::infinity();
      return;
    }
    if (has_value()) {
      const double volume = system.log_volume() * static_cast<double>(beta.size()) /
                            static_cast<double>(system.aliased.size());
      moments.penalty = strength_ * (factor.log_determinant() - 2.0 * volume);
      moments.loglik += moments.penalty;
    }
    Information inverse = factor.inverse(moments.information, left_out);
    moments.score += strength_ * evaluator.total(AdjustmentSum(beta, kind_, std::move(inverse)));
    adjust_further(beta, system, evaluator, factor, moments);
  }

  Order line_search_order() const override { return Order::information; }

  bool adjusts_score() const override { return true; }

  bool has_value() const override { return kind_ == Adjustment::jeffreys; }

 protected:
  virtual void adjust_further(
      const Vector&, const CoordinateSystem&, Evaluator&, const Cholesky&, Moments&) const {}

  double strength() const { return strength_; }

 private:
  Adjustment kind_;
  double strength_;
};

class MedianPenalty final : public LeveragePenalty {
 public:
  explicit MedianPenalty(double strength) : LeveragePenalty(Adjustment::mean, strength) {}

  bool has_value() const override { return false; }

 protected:
  // To the adjustment for the mean comes I b, where b_j, the difference of mean and median, is the
  // sum of the rows' third-order terms along column j of I^-1, over its diagonal element. It
  // belongs to the coefficients, and is not the same in other coordinates.
  void adjust_further(const Vector& beta,
                      const CoordinateSystem& system,
                      Evaluator& evaluator,
                      const Cholesky& factor,
                      Moments& moments) const override {
    const Index size = beta.size();
    Matrix covariance = Matrix::Zero(size, size);
    for (Index j = 0; j < size; ++j) {
      if (system.is_aliased(j)) continue;
      covariance.col(j) =
          system.push_forward(factor.solve(system.pull_back(Vector::Unit(size, j))));
    }
    Vector difference = evaluator.total(ThirdOrderSum(beta, covariance));
    for (Index j = 0; j < size; ++j) {
      difference[j] = system.is_aliased(j) ? 0.0 : difference[j] / covariance(j, j);
    }
    moments.score += strength() * moments.information.times(system.coordinates_of(difference));
  }
};

}  // namespace fastlogit
