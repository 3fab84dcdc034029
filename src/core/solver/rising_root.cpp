#include "rising_root.h"

#include "tuning.h"

namespace fastlogit {

RisingRoot::RisingRoot(double at_zero, double guess, double far)
    : scale_(std::fabs(at_zero)), low_{0.0, at_zero}, before_(low_), guess_(guess), far_(far) {}

double RisingRoot::secant(const Point& here) const {
  return here.x - here.value * (here.x - before_.x) / (here.value - before_.value);
}

double RisingRoot::polished(const Point& here) const {
  const double x = secant(here);
  return std::fabs(x - here.x) <= kRootPolish * here.x ? x : here.x;
}

bool RisingRoot::is_flat(const Point& here) {
  const bool outwards = high_.x == kInfinity && here.value < 0.0 && here.x > far_;
  const bool still = outwards && here.value - low_.value <= kRootFlat * scale_;
  flat_ = still ? flat_ + 1 : 0;
  return flat_ == 2;
}

double RisingRoot::next(const Point& here) {
  const double to = secant(here);
  if (high_.x == kInfinity) {
    const bool onwards = std::isfinite(to) && to > low_.x;
    const double x =
        onwards ? std::min(std::max(to, low_.x * (1.0 + 1e-6)), 2.0 * low_.x) : 2.0 * low_.x;
    return std::min(x, 0.5 * (low_.x + reach_));
  }
  const double width = high_.x - low_.x;
  const bool slow = width > 0.5 * width_ && ++slow_ == 3;
  if (slow || width <= 0.5 * width_) {
    width_ = width;
    slow_ = 0;
  }
  return !slow && low_.x < to && to < high_.x ? to : 0.5 * (low_.x + high_.x);
}

}  // namespace fastlogit
