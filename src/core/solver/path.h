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
#include "tuning.h"

namespace fastlogit {

class Path {
 public:
  Path(const Summit& summit, Index coefficient);

  const Summit& summit() const { return *summit_; }
  Index coefficient() const { return coefficient_; }
  double estimate() const { return summit_->beta()[coefficient_]; }
  double variance() const { return variance_; }       // of the coefficient
  const Vector& tangent() const { return tangent_; }  // how all follow it, where they start to
  Vector from(const Vector& beta, double value) const;

  // The root of twice the fall below the summit.
  double root(double loglik) const;

  // The same of a point near the path, at a distance of the coefficient from its estimate, where
  // the profile has a slope. Of rows of enormous weight the fall is lost in the rounding of the
  // log-likelihoods; there it is quadratic.
  double root(double loglik, double slope, double distance) const;

  struct Slide {   // what the score at a point near the path says of it
    Vector rest;   // the way to the path, at the same value of the coefficient
    double gain;   // of log-likelihood by it
    double slope;  // of the profile
  };

  Slide slide(const Vector& score) const;

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

  void see(double by, const Vector& at);
};

// A walk asks for the moments at one point after another, up to Order::gradient, until it is where
// it wants to be or lost. Walks do not wait for each other: a pass over the rows serves them all.
class Walk {
 public:
  explicit Walk(const Path& path, Vector start);
  virtual ~Walk() = default;

  bool going() const { return going_; }
  bool arrived() const { return arrived_; }
  const Vector& beta() const { return beta_; }

  const Higher& higher() const { return higher_; }

  void take(const Moments& moments);

 protected:
  // A fixed matrix takes the distance to the path down by a factor (at most kWalkShrinks) a pass.

  virtual void go(const Moments& moments) = 0;

  void end(bool arrived);

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
  void go(const Moments& moments) override;

 private:
  double last_ = std::numeric_limits<double>::infinity();
  double loglik_ = 0.0;
};

// To the end of an interval: where the root of the fall is `quantile` (Venzon & Moolgavkar 1988,
// with a fixed matrix).
class Approach final : public Walk {
 public:
  // side: 1 or -1; along the tangent.
  Approach(const Path& path, double side, double quantile);

  // On the other side, with what this one has told of how the path bends and what it is like there.
  Approach opposite() const;

  double distance() const { return distance_; }  // from the estimate, positive

 protected:
  void go(const Moments& moments) override;

 private:
  Approach(const Path& path,
           double side,
           double quantile,
           double guess,
           const Vector& departure,
           double change);

  // The root of the fall is a t + b t^2 + c t^3 at distance t on this side, with t negative on the
  // other: from its value and slope at one end to where the other one should be.
  double opposite_distance() const;

  double side_;
  double quantile_;
  double change_;  // of the information on the way, relative to itself
  double last_;
  double distance_ = 0.0;
  double slope_ = 0.0;  // of the root of the fall, by distance
};

}  // namespace fastlogit
