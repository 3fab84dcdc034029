// When to stop.
#pragma once

#include <algorithm>
#include <cmath>

#include "../penalty/penalty.h"
#include "solver.h"

namespace fastlogit {

// glm() stops when the deviance no longer changes, which leaves the coefficients with half of its
// digits. Here meeting epsilon makes a fit count as converged, and the iterations go on until the
// step itself is lost in rounding, which for Newton's method costs one or two more.
class Convergence {
 public:
  Convergence(const Control& control, const Penalty& penalty);

  // gain: half the squared Newton decrement, what the step promises; weight: the working weights'
  // sum, or somewhat less; step: its Euclidean norm.
  void observe(double gain, double loglik, double weight, double step);

  bool met() const { return met_; }

  // The step moves the linear predictors by less than their rounding matters; or it is known that
  // the next one would.
  bool exhausted() const;

  // The gain of a step that just does so.
  double negligible(double weight) const;

  // Rounding hides what is left: small steps no longer shrink.
  bool at_floor() const { return met_ && size_ <= kSmall && size_ > 0.5 * previous_size_; }

  // The promised gain vanishes while the coefficients go on by steps of the same length: they
  // follow a direction along which the log-likelihood rises for ever. Near a maximum the
  // steps of Newton's method would shrink quadratically.
  bool diverging() const { return small_ && keeps_its_pace(); }

  // Steps that do not shrink.
  bool keeps_its_pace() const { return ratio_ > 0.85 && previous_ratio_ > 0.85; }

 private:
  static constexpr double kTiny = 1e-300;
  static constexpr double kFloor = 1e-15;  // what doubles can show
  static constexpr double kSmall = 1e-8;
  static constexpr double kSmallGain = 1e-6;

  double epsilon_;
  double smallest_;  // step, as size_
  bool linear_;      // steps shrink by a factor, not quadratically
  bool met_ = false;
  bool small_ = false;
  double step_ = 0.0;
  double size_ = 0.0;  // root mean squared change of a linear predictor
  double previous_size_ = 0.0;
  double ratio_ = 0.0;
  double previous_ratio_ = 0.0;
};

}  // namespace fastlogit
