// Scales that add no rounding.
#pragma once

#include <algorithm>
#include <cmath>

namespace fastlogit {

// The smallest power of two that is not below x: to divide by it costs no rounding.
inline double power_of_two_above(double x) {
  if (!(x > 0.0)) return 1.0;
  int exponent = 0;
  const double fraction = std::frexp(x, &exponent);
  // The inverse has to be a double, too.
  return std::ldexp(1.0, std::max(-1000, fraction == 0.5 ? exponent - 1 : exponent));
}

}  // namespace fastlogit
