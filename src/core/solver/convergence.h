// When to stop.
#pragma once

#include <algorithm>
#include <cmath>

namespace fastlogit {

// glm() stops when the deviance no longer changes, which leaves the coefficients with half of its digits. Here
// meeting epsilon makes a fit count as converged, and the iterations go on until the step itself is lost in
// rounding, which for Newton's method costs one or two more.
class Convergence {
 public:
  Convergence(double epsilon, double total_weight)
      : epsilon_(epsilon), total_weight_(std::max(total_weight, 1e-300)) {}

  // gain: half the squared Newton decrement, what the step promises; step: its Euclidean norm.
  void observe(double gain, double loglik, double step) {
    met_ = gain <= epsilon_ * (std::fabs(loglik) + 0.05);
    previous_ratio_ = ratio_;
    ratio_ = step / step_;
    previous_size_ = size_;
    size_ = std::sqrt(2.0 * gain / total_weight_);
    step_ = step;
  }

  bool met() const { return met_; }

  // The step moves the linear predictors by less than their rounding matters.
  bool exhausted() const { return size_ <= 1e-4 * epsilon_; }

  // Rounding hides what is left: small steps no longer shrink.
  bool at_floor() const { return met_ && size_ <= kSmall && size_ > 0.5 * previous_size_; }

  // The promised gain vanishes while the coefficients go on by steps of the same length: they
  // follow a direction along which the log-likelihood rises for ever.
  bool diverging() const { return met_ && ratio_ > 0.85 && previous_ratio_ > 0.85; }

 private:
  static constexpr double kSmall = 1e-8;

  double epsilon_;
  double total_weight_;
  bool met_ = false;
  double step_ = 0.0;
  double size_ = 0.0;  // root mean squared change of a linear predictor
  double previous_size_ = 0.0;
  double ratio_ = 0.0;
  double previous_ratio_ = 0.0;
};

}  // namespace fastlogit
