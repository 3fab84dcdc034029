#include "convergence.h"

namespace fastlogit {

Convergence::Convergence(const Control& control, const Penalty& penalty)
    : epsilon_(control.epsilon),
      smallest_(
          std::max({1e-5 * control.epsilon, kFloor, control.resolution, penalty.resolution()})),
      linear_(penalty.adjusts_score()) {}

void Convergence::observe(double gain, double loglik, double weight, double step) {
  const double relative_gain = gain / (std::fabs(loglik) + 0.05);
  met_ = relative_gain <= std::max(epsilon_, kFloor);
  small_ = relative_gain <= std::max(epsilon_, kSmallGain);
  previous_ratio_ = ratio_;
  ratio_ = step / step_;
  previous_size_ = size_;
  size_ = std::sqrt(2.0 * gain / std::max(weight, kTiny));
  step_ = step;
}

bool Convergence::exhausted() const {
  if (!linear_ || !met_) return size_ <= smallest_;
  constexpr double kCaution = 10.0;
  return kCaution * size_ * std::min(1.0, size_ / previous_size_) <= smallest_;
}

double Convergence::negligible(double weight) const {
  return 0.5 * smallest_ * smallest_ * std::max(weight, kTiny);
}

}  // namespace fastlogit
