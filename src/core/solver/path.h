// The path of a profile: where the maximum over all other coefficients lies as one of them leaves
// its estimate, as it looks from the summit.
//
// Near the summit the log-likelihood is nearly quadratic, and the information there, factorised
// once, serves for all coefficients: its inverse says which way the others follow (the tangent),
// and turns the score at any point near by into the way back to the path, its height and its slope.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "summit.h"

namespace fastlogit {

class Path {
 public:
  Path(const Summit& summit, Index coefficient)
      : summit_(&summit),
        coefficient_(coefficient),
        tangent_(Vector::Unit(summit.beta().size(), coefficient)) {
    if (!summit_->curved()) return;
    tangent_ = summit_->solve(tangent_);
    variance_ = tangent_[coefficient_];
    tangent_ /= variance_;
  }

  const Summit& summit() const { return *summit_; }
  Index coefficient() const { return coefficient_; }
  double estimate() const { return summit_->beta()[coefficient_]; }
  double variance() const { return variance_; }          // of the coefficient
  const Vector& tangent() const { return tangent_; }     // how all follow it, where they start to
  Vector from(const Vector& beta, double value) const {  // along the tangent
    return beta + (value - beta[coefficient_]) * tangent_;
  }

  // The root of twice the fall below the summit.
  double root(double loglik) const {
    return std::sqrt(std::max(0.0, 2.0 * (summit_->loglik() - loglik)));
  }

  // The same of a point near the path, at a distance of the coefficient from its estimate, where
  // the profile has a slope. Of rows of enormous weight the fall is lost in the rounding of the
  // log-likelihoods; there it is quadratic.
  double root(double loglik, double slope, double distance) const {
    constexpr double kLost = 1e-10;
    const double fall = summit_->loglik() - loglik;
    if (fall > kLost * std::fabs(summit_->loglik())) return root(loglik);
    return std::sqrt(std::max(0.0, -slope * distance));
  }

  struct Slide {   // what the score at a point near the path says of it
    Vector rest;   // the way to the path, at the same value of the coefficient
    double gain;   // of log-likelihood by it
    double slope;  // of the profile
  };

  Slide slide(const Vector& score) const {
    const Vector free = summit_->free_part(score);
    Vector step = summit_->solve(free);
    const double along = step[coefficient_];
    const double total = free.dot(step);
    // Of a larger one, rounding leaves nothing of the gain.
    constexpr double kMost = 1e8;
    const double gain = total < kMost ? 0.5 * (total - along * along / variance_)
                                      : std::numeric_limits<double>::infinity();
    step -= along * tangent_;
    step[coefficient_] = 0.0;
    return {std::move(step), std::max(0.0, gain), along / variance_};
  }

 private:
  const Summit* summit_;
  Index coefficient_;
  Vector tangent_;
  double variance_ = 0.0;
};

// A point that is higher than the summit.
struct Higher {
  double excess = 0.0;  // of log-likelihood
  Vector beta;

  void see(double by, const Vector& at) {
    if (!(by > excess)) return;
    excess = by;
    beta = at;
  }
};

// A walk asks for the moments at one point after another, up to Order::gradient, until it is where
// it wants to be or lost. Walks do not wait for each other: a pass over the rows serves them all.
class Walk {
 public:
  explicit Walk(const Path& path, Vector start)
      : path_(&path), beta_(std::move(start)), going_(path.summit().stationary()) {}
  virtual ~Walk() = default;

  bool going() const { return going_; }
  bool arrived() const { return arrived_; }
  const Vector& beta() const { return beta_; }

  const Higher& higher() const { return higher_; }

  void take(const Moments& moments) {
    going_ = std::isfinite(moments.loglik) && passes_++ < kMostPasses;
    if (!going_) return;
    higher_.see(moments.loglik - path_->summit().loglik(), beta_);
    go(moments);
  }

 protected:
  // A fixed matrix takes the distance to the path down by a factor (at most kShrinks) a pass.
  static constexpr double kShrinks = 0.3;
  static constexpr int kMostPasses = 12;

  virtual void go(const Moments& moments) = 0;

  void end(bool arrived) {
    going_ = false;
    arrived_ = arrived;
  }

  const Path* path_;
  Vector beta_;

 private:
  bool going_;
  bool arrived_ = false;
  int passes_ = 0;
  Higher higher_;
};

template <typename SomeWalk>
void walk_together(const Summit& summit, Evaluator& rows, std::vector<SomeWalk>& walks) {
  for (;;) {
    std::vector<Walk*> going;
    std::vector<Vector> points;
    for (Walk& walk : walks) {
      if (!walk.going()) continue;
      going.push_back(&walk);
      points.push_back(walk.beta());
    }
    if (going.empty()) return;
    const std::vector<Moments> moments = summit.gradients_at(rows, points);
    for (std::size_t i = 0; i < going.size(); ++i) going[i]->take(moments[i]);
  }
}

// To the path, at the same value of the coefficient.
class Glide final : public Walk {
 public:
  using Walk::Walk;

  double loglik() const { return loglik_; }

 protected:
  void go(const Moments& moments) override {
    const Path::Slide here = path_->slide(moments.score);
    const double size = std::sqrt(2.0 * here.gain);
    if (!(size <= kShrinks * last_)) return end(false);
    beta_ += here.rest;
    loglik_ = moments.loglik + here.gain;
    const double rate = std::isfinite(last_) ? size / last_ : 1.0;
    last_ = size;
    if (rate * size <= kClose) end(true);
  }

 private:
  static constexpr double kClose = 1e-9;  // in standard errors of the other coefficients

  double last_ = std::numeric_limits<double>::infinity();
  double loglik_ = 0.0;
};

// To the end of an interval: where the root of the fall is `quantile` (Venzon & Moolgavkar 1988,
// with a fixed matrix).
class Approach final : public Walk {
 public:
  // side: 1 or -1; along the tangent.
  Approach(const Path& path, double side, double quantile)
      : Approach(path, side, quantile, quantile * std::sqrt(path.variance()), {}, 0.0) {}

  // On the other side, with what this one has told of how the path bends and what it is like there.
  Approach opposite() const {
    if (!arrived()) return Approach(*path_, -side_, quantile_);
    // The departure of the path from the tangent is nearly even in the distance.
    const Vector departure = beta_ - path_->summit().beta() - side_ * distance_ * path_->tangent();
    return Approach(*path_, -side_, quantile_, opposite_distance(), departure, change_);
  }

  double distance() const { return distance_; }  // from the estimate, positive

 protected:
  void go(const Moments& moments) override {
    const Path::Slide here = path_->slide(moments.score);
    const double from_estimate = beta_[path_->coefficient()] - path_->estimate();
    const double z = path_->root(moments.loglik + here.gain, here.slope, from_estimate);
    slope_ = -side_ * here.slope / z;
    if (!(z > 0.0 && slope_ > 0.0)) return end(false);
    const double missing = quantile_ - z;
    const double aside = std::sqrt(2.0 * here.gain);
    const double size = aside + std::fabs(missing);
    if (!(size <= kShrinks * last_)) return end(false);
    beta_ += here.rest + side_ * missing / slope_ * path_->tangent();
    distance_ = side_ * (beta_[path_->coefficient()] - path_->estimate());
    // A departure that was foreseen tells nothing, what was seen on the other side does.
    const double steeper = std::fabs(slope_ * std::sqrt(path_->variance()) - 1.0);
    change_ = std::max({change_, 2.0 * aside / z, 2.0 * steeper});
    const double error = change_ * (0.5 * size * size / z + change_ * std::fabs(missing));
    const double trust = std::min(1.0, kTrusted / change_);  // of the first order in it
    last_ = size;
    if (error <= trust * kEndClose) end(true);
  }

 private:
  // In standard errors; the estimate of the error is high, by two or three.
  static constexpr double kEndClose = 6e-8;
  static constexpr double kTrusted = 0.01;

  Approach(const Path& path,
           double side,
           double quantile,
           double guess,
           const Vector& departure,
           double change)
      : Walk(path, path.summit().beta() + side * guess * path.tangent()),
        side_(side),
        quantile_(quantile),
        change_(change),
        last_(quantile / kShrinks) {
    if (departure.size() > 0) beta_ += departure;
  }

  // The root of the fall is a t + b t^2 + c t^3 at distance t on this side, with t negative on the
  // other: from its value and slope at one end to where the other one should be.
  double opposite_distance() const {
    const double a = 1.0 / std::sqrt(path_->variance());
    const double t = distance_;
    const double c = (slope_ * t - 2.0 * quantile_ + a * t) / (t * t * t);
    const double b = (quantile_ - a * t - c * t * t * t) / (t * t);
    double x = t;
    for (int i = 0; i < 10; ++i) {
      x -= (((c * x - b) * x + a) * x - quantile_) / ((3.0 * c * x - 2.0 * b) * x + a);
    }
    return 0.5 * t < x && x < 2.0 * t ? x : t;
  }

  double side_;
  double quantile_;
  double change_;  // of the information on the way, relative to itself
  double last_;
  double distance_ = 0.0;
  double slope_ = 0.0;  // of the root of the fall, by distance
};

}  // namespace fastlogit
