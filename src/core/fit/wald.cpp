#include "wald.h"

#include <cmath>
#include <limits>

#include "../linalg/cholesky.h"

namespace fastlogit {

Vector wald_slopes(Profiles& profiles, const std::vector<int>& which, double least) {
  constexpr double kStep = 1e-4;  // of the linear predictor, at most
  const Maximum& maximum = profiles.maximum();
  const auto information = [&](const Vector& beta) { return profiles.information(beta); };
  Vector slopes =
      Vector::Constant(static_cast<Index>(which.size()), std::numeric_limits<double>::quiet_NaN());
  Cholesky factor;
  bool factorised = false;
  for (Index task = 0; task < slopes.size(); ++task) {
    const double estimate = profiles.estimate(which[task]);
    if (std::fabs(estimate) < least) continue;
    if (!factorised && !factor.compute(information(maximum.beta()), maximum.left_out())) break;
    factorised = true;
    const Index j = which[task] - 1;
    const Vector unit = Vector::Unit(maximum.beta().size(), j);
    const Vector column = factor.solve(unit);
    const Information above = information(maximum.beta() + kStep * unit);
    const Information below = information(maximum.beta() - kStep * unit);
    const double change = column.dot(above.times(column) - below.times(column)) / (2.0 * kStep);
    const double variance = column[j];
    slopes[task] = (1.0 + 0.5 * estimate * change / variance) *
                   std::sqrt(profiles.unit() / variance) / profiles.scale(which[task]);
  }
  return slopes;
}

}  // namespace fastlogit
