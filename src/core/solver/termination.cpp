#include "termination.h"

#include "tuning.h"

namespace fastlogit {

Status status_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::converged:
      return Status::converged;
    case Verdict::stalled:
      return Status::stalled;
    case Verdict::diverging:
      return Status::diverging;
    case Verdict::singular:
      return Status::singular;
    case Verdict::go_on:
      break;
  }
  return Status::iteration_limit;
}

Termination::Termination(const Control& control, const Penalty& penalty)
    : epsilon_(control.options.epsilon),
      smallest_(std::max({kBelowEpsilon * control.options.epsilon,
                          kFloor,
                          control.conditions.resolution,
                          penalty.resolution()})),
      linear_(penalty.adjusts_score()) {}

void Termination::observe(const Observation& step, bool again) {
  if (!again) {
    previous_ratio_ = ratio_;
    previous_size_ = size_;
    previous_length_ = length_;
    previous_exact_ = exact_;
  }
  const double relative_gain = step.gain / size_of(step.loglik);
  met_ = relative_gain <= std::max(epsilon_, kFloor);
  small_ = relative_gain <= std::max(epsilon_, kSmallGain);
  ratio_ = step.length / previous_length_;
  size_ = std::sqrt(2.0 * step.gain / std::max(step.weight, kTiny));
  length_ = step.length;
  exact_ = step.exact;
}

bool Termination::exhausted() const {
  if (!linear_ || !met_) return size_ <= smallest_;
  return kCaution * size_ * std::min(1.0, size_ / previous_size_) <= smallest_;
}

double Termination::negligible(double weight) const {
  return 0.5 * smallest_ * smallest_ * std::max(weight, kTiny);
}

}  // namespace fastlogit
