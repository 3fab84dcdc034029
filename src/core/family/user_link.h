// Links whose functions are not ours: a mean and its slope for each linear predictor, asked for by
// blocks of rows.
//
// The mean is all there is: log mu and log (1 - mu) are made of it, and have the digits that it has
// left. What the slope changes by is found by central differences, to about ten digits.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <vector>

#include "link_block.h"

namespace fastlogit {

// They may only be called on one thread.
struct LinkFunctions {
  std::function<Vector(const Vector& eta)> mean;
  std::function<Vector(const Vector& eta)> slope;
  std::function<bool(const Vector& eta)> valid;  // are all of these linear predictors?
  Domain domain;
  double inside = 0.0;  // a linear predictor in the domain
  bool by_row = false;  // each row has a link of its own: all of them are asked for together
};

struct UserLink : LinkDefaults {
  static constexpr bool concave = false;  // for all we know

  std::shared_ptr<const LinkFunctions> functions;
};

template <>
class LinkBlock<UserLink> {
 public:
  // Rows that do not count may have any linear predictor.
  LinkBlock(const UserLink& link,
            const double* eta,
            const Index rows,
            const double* weight,
            const int derivatives)
      : of_(*link.functions), eta_(Eigen::Map<const Vector>(eta, rows)), inside_(rows) {
    for (Index i = 0; i < rows; ++i) {
      const bool counts = !weight || weight[i] != 0.0;
      inside_[i] = eta_[i] > of_.domain.lower && eta_[i] < of_.domain.upper;
      if (!inside_[i] || !counts) eta_[i] = of_.inside;
    }
    if (!of_.valid(eta_)) {
      std::fill(inside_.begin(), inside_.end(), false);
      mean_ = slope_ = change_ = Vector::Constant(rows, kNone);
      return;
    }
    mean_ = of_.mean(eta_);
    slope_ = of_.slope(eta_);
    for (Index i = 0; i < rows; ++i) {
      inside_[i] = inside_[i] && mean_[i] >= 0.0 && mean_[i] <= 1.0 && std::isfinite(slope_[i]);
      if (!inside_[i]) mean_[i] = kNone;
    }
    if (derivatives > 1) find_change();
  }

  bool contains(const Index i) const { return inside_[i]; }

  template <int derivatives>
  LinkPoint at(const Index i) const {
    const double mu = mean_[i];
    const double nu = 1.0 - mu;
    const double change = derivatives > 1 ? change_[i] : 0.0;
    // A mean of 0 or 1 but for rounding still has derivatives.
    const double success = slope_[i] / std::max(mu, std::numeric_limits<double>::min());
    const double failure = -slope_[i] / std::max(nu, 0.5 * kEpsilon);
    const double by_slope = slope_[i] == 0.0 ? 0.0 : change / slope_[i];
    return {{mu, std::log(mu), success, success * (by_slope - success)},
            {nu, std::log1p(-mu), failure, failure * (by_slope - failure)}};
  }

 private:
  static constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

  // No step leaves the domain.
  void find_change() {
    const double step = std::cbrt(kEpsilon);
    Vector h(eta_.size());
    for (Index i = 0; i < h.size(); ++i) {
      h[i] = step * std::max(1.0, std::fabs(eta_[i]));
      h[i] = std::min(h[i], 0.5 * (eta_[i] - of_.domain.lower));
      h[i] = std::min(h[i], 0.5 * (of_.domain.upper - eta_[i]));
    }
    const Vector above = eta_ + h;
    const Vector below = eta_ - h;
    change_ = (of_.slope(above) - of_.slope(below)).cwiseQuotient(above - below);
    // Beside the end of doubles there is no other side.
    change_ = change_.array().isFinite().select(change_, 0.0);
  }

  const LinkFunctions& of_;
  Vector eta_;
  std::vector<bool> inside_;
  Vector mean_;
  Vector slope_;
  Vector change_;
};

}  // namespace fastlogit
