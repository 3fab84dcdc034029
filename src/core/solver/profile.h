// The profile of one coefficient: the maximum of the (penalised) log-likelihood over all others, as
// a function of its value.
//
// Near the maximum the log-likelihood is nearly quadratic, and the information there, factorised
// once, serves for all coefficients: its inverse says which way the others follow (the tangent),
// and turns the score at any point near by into the way back to the profile, the profile's height
// and its slope. So a few passes that end with the score find where the profile has fallen by a
// given amount (Venzon & Moolgavkar 1988, with a fixed matrix). Where that does not contract, as in
// small or separated data, each point is a fit of its own with the coefficient held.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "rising_root.h"
#include "solver.h"
#include "summit.h"

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

struct Interval {
  double lower;
  double upper;
};

class Profile {
 public:
  Profile(Evaluator& rows, const Summit& summit, Index coefficient, const HeldFit& fit)
      : rows_(rows),
        summit_(summit),
        j_(coefficient),
        fit_(fit),
        tangent_(Vector::Unit(summit.beta().size(), coefficient)) {
    if (!summit_.curved()) return;
    tangent_ = summit_.solve(tangent_);
    variance_ = tangent_[j_];
    tangent_ /= variance_;
  }

  // Where twice the log-likelihood has fallen by the square of `quantile`, on both sides.
  Interval ends(double quantile) {
    const double estimate = summit_.beta()[j_];
    const double error = std::sqrt(variance_);
    const auto up = approach(1.0, quantile, quantile * error, Vector::Zero(tangent_.size()));
    const double upper = up ? up->distance : search(1.0, quantile);
    // What one side tells of the bend of the path serves the other.
    const auto down =
        up ? approach(-1.0, quantile, opposite(*up, quantile), bend(*up))
           : approach(-1.0, quantile, quantile * error, Vector::Zero(tangent_.size()));
    const double lower = down ? down->distance : search(-1.0, quantile);
    return {estimate - lower, estimate + upper};
  }

  // The points at k steps of the coefficient, k = 1, 2, ..., at most `most` of them, as far as the
  // first whose root() is not below the quantile. step: negative to go down.
  std::vector<Held> grid(double step, double quantile, Index most) {
    std::vector<Held> points;
    Vector before = summit_.beta();
    Vector next = before + step * tangent_;
    while (static_cast<Index>(points.size()) < most) {
      next[j_] = summit_.beta()[j_] + static_cast<double>(points.size() + 1) * step;
      Held here = hold(next);
      if (!here.found) break;
      next = 2.0 * here.beta - before;
      before = here.beta;
      points.push_back(std::move(here));
      if (root(points.back().loglik) >= quantile) break;
    }
    return points;
  }

  Held at(double value) { return hold(summit_.beta() + (value - summit_.beta()[j_]) * tangent_); }

  // The root of twice the fall below the summit.
  double root(double loglik) const {
    return std::sqrt(std::max(0.0, 2.0 * (summit_.loglik() - loglik)));
  }

  // By how much a point seen was higher than the summit.
  double excess() const { return excess_; }

 private:
  struct Slide {   // what the score at a point near the profile says of it
    Vector rest;   // the way to the profile, at the same value of the coefficient
    double gain;   // of log-likelihood by it
    double slope;  // of the profile
  };

  struct End {
    double distance;  // from the estimate, positive
    Vector beta;
    double slope;  // of the root of the fall, by distance
  };

  // A fixed matrix takes the distance to the profile down by a factor (at most kShrinks) a pass.
  static constexpr double kShrinks = 0.3;
  static constexpr int kMostPasses = 12;
  // In standard errors: of an end (the estimate of its error is high, by two or three), and of the
  // other coefficients on a grid.
  static constexpr double kEndClose = 6e-8;
  static constexpr double kTrusted = 0.01;
  static constexpr double kClose = 1e-9;

  Slide slide(const Vector& score) const {
    const Vector free = summit_.free_part(score);
    Vector step = summit_.solve(free);
    const double along = step[j_];
    const double gain = 0.5 * (free.dot(step) - along * along / variance_);
    step -= along * tangent_;
    step[j_] = 0.0;
    return {std::move(step), std::max(0.0, gain), along / variance_};
  }

  // The end on a side, from a first guess of its distance and of the path's departure from the
  // tangent; none when the steps do not contract well.
  std::optional<End> approach(double side, double quantile, double guess, const Vector& departure) {
    if (!summit_.curved()) return std::nullopt;
    Vector beta = summit_.beta() + side * guess * tangent_ + departure;
    double last = 1.0 / kShrinks * quantile;
    for (int pass = 0; pass < kMostPasses; ++pass) {
      const Moments moments = summit_.moments_at(rows_, beta, Order::gradient);
      if (!std::isfinite(moments.loglik)) return std::nullopt;
      observe(moments.loglik);
      const Slide here = slide(moments.score);
      const double z = root(moments.loglik + here.gain);
      const double slope = -side * here.slope / z;
      if (!(z > 0.0 && slope > 0.0)) return std::nullopt;
      const double missing = quantile - z;
      const double aside = std::sqrt(2.0 * here.gain);
      const double size = aside + std::fabs(missing);
      if (!(size <= kShrinks * last)) return std::nullopt;
      const double onwards = missing / slope;
      beta += here.rest + side * onwards * tangent_;
      const double distance = side * (beta[j_] - summit_.beta()[j_]);
      // A departure that was foreseen tells nothing, what was seen on the other side does.
      change_ =
          std::max({change_, 2.0 * aside / z, 2.0 * std::fabs(slope * std::sqrt(variance_) - 1.0)});
      const double error = change_ * (0.5 * size * size / z + change_ * std::fabs(missing));
      const double trust = std::min(1.0, kTrusted / change_);  // of the first order in it
      if (error <= trust * kEndClose) return End{distance, std::move(beta), slope};
      last = size;
    }
    return std::nullopt;
  }

  // The departure of the path from the tangent is nearly even in the distance.
  Vector bend(const End& up) const { return up.beta - summit_.beta() - up.distance * tangent_; }

  // The root of the fall is a t + b t^2 + c t^3 at distance t above the estimate, with t negative
  // below it: from its value and slope at one end to where the other one should be.
  double opposite(const End& up, double quantile) const {
    const double a = 1.0 / std::sqrt(variance_);
    const double t = up.distance;
    const double c = (up.slope * t - 2.0 * quantile + a * t) / (t * t * t);
    const double b = (quantile - a * t - c * t * t * t) / (t * t);
    double x = t;
    for (int i = 0; i < 10; ++i) {
      x -= (((c * x - b) * x + a) * x - quantile) / ((3.0 * c * x - 2.0 * b) * x + a);
    }
    return 0.5 * t < x && x < 2.0 * t ? x : t;
  }

  // The distance of the end on a side, by fits; Inf where the profile does not fall so far.
  double search(double side, double quantile) {
    // Entries of the design are at most 1, so that this is much for a linear predictor: where an
    // estimate has run away, the standard error is no guide, and steps that are too large lead to
    // where all weights vanish.
    constexpr double kMuch = 4.0;
    const double estimate = summit_.beta()[j_];
    const double guess =
        summit_.curved() ? std::min(kMuch, quantile * std::sqrt(variance_)) : kMuch;
    Vector near = summit_.beta();
    Vector before = near - tangent_;
    const auto fallen = [&](double distance) {
      const double value = estimate + side * distance;
      const double fraction = (value - near[j_]) / (near[j_] - before[j_]);
      Vector start = std::fabs(fraction) <= 4.0 ? Vector(near + fraction * (near - before))
                                                : Vector(near + (value - near[j_]) * tangent_);
      start[j_] = value;
      Held here = maximise(start);
      if (!here.found) return std::numeric_limits<double>::quiet_NaN();
      before = std::exchange(near, std::move(here.beta));
      return root(here.loglik) - quantile;
    };
    return RisingRoot(-quantile, guess, kMuch + std::fabs(estimate)).find(fallen);
  }

  Held hold(Vector start) {
    const std::optional<Held> near = glide(start);
    return near ? *near : maximise(start);
  }

  // To the profile with the fixed matrix; none when that does not contract well.
  std::optional<Held> glide(Vector beta) {
    if (!summit_.curved()) return std::nullopt;
    double last = std::numeric_limits<double>::infinity();
    for (int pass = 0; pass < kMostPasses; ++pass) {
      const Moments moments = summit_.moments_at(rows_, beta, Order::gradient);
      if (!std::isfinite(moments.loglik)) return std::nullopt;
      observe(moments.loglik);
      const Slide here = slide(moments.score);
      const double size = std::sqrt(2.0 * here.gain);
      if (!(size <= kShrinks * last)) return std::nullopt;
      beta += here.rest;
      const double rate = std::isfinite(last) ? size / last : 1.0;
      if (rate * size <= kClose) return Held{true, std::move(beta), moments.loglik + here.gain};
      last = size;
    }
    return std::nullopt;
  }

  Held maximise(const Vector& start) {
    Held held = fit_(start, j_);
    if (held.found) observe(held.loglik);
    return held;
  }

  void observe(double loglik) { excess_ = std::max(excess_, loglik - summit_.loglik()); }

  Evaluator& rows_;
  const Summit& summit_;
  Index j_;
  const HeldFit& fit_;
  Vector tangent_;         // how all coefficients follow this one, where they start to
  double variance_ = 0.0;  // of the coefficient
  double excess_ = 0.0;
  double change_ = 0.0;  // of the information on the way to the ends, relative to itself
};

}  // namespace fastlogit
