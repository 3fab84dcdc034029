// Single points of the profile of a coefficient, and its ends where walks along the path are lost:
// each point is then a fit of its own with the coefficient held.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include "path.h"
#include "rising_root.h"

namespace fastlogit {

// A point of a profile.
struct Held {
  bool found = false;  // false where the log-likelihood is not finite
  Vector beta;
  double loglik = 0.0;  // penalised
  bool sure = true;     // false where the others have not converged
};

// The fit with a coefficient held where it starts.
using HeldFit = std::function<Held(const Vector& start, Index coefficient)>;

class Profile {
 public:
  Profile(Evaluator& rows, const Path& path, const HeldFit& fit)
      : rows_(rows), path_(path), summit_(path.summit()), j_(path.coefficient()), fit_(fit) {}

  // The points at k steps of the coefficient, k = 1, 2, ..., at most `most` of them, as far as the
  // first whose root is not below the quantile. step: negative to go down.
  std::vector<Held> grid(double step, double quantile, Index most) {
    std::vector<Held> points;
    Vector before = summit_.beta();
    Vector next = before + step * path_.tangent();
    while (static_cast<Index>(points.size()) < most) {
      next[j_] = path_.estimate() + static_cast<double>(points.size() + 1) * step;
      Held here = hold(next);
      if (!here.found) break;
      next = 2.0 * here.beta - before;
      before = here.beta;
      points.push_back(std::move(here));
      if (path_.root(points.back().loglik) >= quantile) break;
    }
    return points;
  }

  // The distance of the end on a side (1, -1), where twice the log-likelihood has fallen by the
  // square of `quantile`; Inf where it does not fall so far.
  double end(double side, double quantile) {
    // Entries of the design are at most 1, so that this is much for a linear predictor: where an
    // estimate has run away, the standard error is no guide, and steps that are too large lead to
    // where all weights vanish.
    constexpr double kMuch = 4.0;
    const double estimate = path_.estimate();
    const double guess =
        summit_.curved() ? std::min(kMuch, quantile * std::sqrt(path_.variance())) : kMuch;
    Vector near = summit_.beta();
    Vector before = near - path_.tangent();
    const auto fallen = [&](double distance) {
      const double value = estimate + side * distance;
      const double fraction = (value - near[j_]) / (near[j_] - before[j_]);
      Vector start = std::fabs(fraction) <= 4.0 ? Vector(near + fraction * (near - before))
                                                : path_.from(near, value);
      start[j_] = value;
      Held here = maximise(start);
      if (!here.found) return std::numeric_limits<double>::quiet_NaN();
      before = std::exchange(near, std::move(here.beta));
      return path_.root(here.loglik) - quantile;
    };
    return RisingRoot(-quantile, guess, kMuch + std::fabs(estimate)).find(fallen);
  }

  Held maximise(const Vector& start) {
    Held held = fit_(start, j_);
    if (held.found) excess_ = std::max(excess_, held.loglik - summit_.loglik());
    return held;
  }

  // By how much a point seen was higher than the summit.
  double excess() const { return excess_; }

 private:
  Held hold(const Vector& start) {
    Glide glide(path_, start);
    while (glide.going()) {
      glide.take(summit_.moments_at(rows_, glide.beta(), Order::gradient));
    }
    excess_ = std::max(excess_, glide.excess());
    return glide.arrived() ? Held{true, glide.beta(), glide.loglik()} : maximise(start);
  }

  Evaluator& rows_;
  const Path& path_;
  const Summit& summit_;
  Index j_;
  const HeldFit& fit_;
  double excess_ = 0.0;
};

}  // namespace fastlogit
