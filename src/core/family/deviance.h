// The deviance of proportions without cancellation.
#pragma once

#include <cmath>
#include <limits>

namespace fastlogit {

// x log(x / m) + m - x >= 0 for x > 0, given x - m and log m. Near m by the series of C. Loader,
// Fast and Accurate Computation of Binomial Probabilities (2000): with v = (x - m) / (x + m) it is
// (x - m) v + 2 x v (v^2 / 3 + v^4 / 5 + ...). Over outcomes whose x and whose m both sum to one,
// the terms m - x cancel.
inline double saddle_point_deviance(const double x,
                                    const double difference,
                                    const double m,
                                    const double log_m) {
  const double v = difference / (x + m);
  if (!(std::abs(v) < 0.1)) {
    // The log of a ratio is more precise than a difference of logs, unless m has underflowed.
    const bool normal = m >= std::numeric_limits<double>::min();
    return x * (normal ? std::log(x / m) : std::log(x) - log_m) - difference;
  }
  constexpr double kTerms[] = {
      1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3};
  double series = 0.0;
  for (const double term : kTerms) series = v * v * (term + series);
  return difference * v + 2.0 * x * v * series;
}

}  // namespace fastlogit
