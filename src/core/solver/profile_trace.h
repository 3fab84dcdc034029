// The trace of a profile: where the maximum over all other coefficients lies as one of them leaves
// its estimate, as it looks from the maximum over all.
//
// Near the maximum the log-likelihood is nearly quadratic, and the information there, factorised
// once, serves for all coefficients: its inverse says which way the others follow (the tangent),
// and turns the score at any point near by into the way back to the trace, its height and its
// slope.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "maximum.h"
#include "tuning.h"

namespace fastlogit {

class ProfileTrace {
 public:
  ProfileTrace(const Maximum& maximum, Index coefficient);

  const Maximum& maximum() const { return *maximum_; }
  Index coefficient() const { return coefficient_; }
  double estimate() const { return maximum_->beta()[coefficient_]; }
  double variance() const { return variance_; }       // of the coefficient
  const Vector& tangent() const { return tangent_; }  // how all follow it, where they start to
  Vector from(const Vector& beta, double value) const;

  // The root of twice the fall below the maximum.
  double root(double loglik) const;

  // The same of a point near the trace, at a distance of the coefficient from its estimate, where
  // the profile has a slope. Of rows of enormous weight the fall is lost in the rounding of the
  // log-likelihoods; there it is quadratic.
  double root(double loglik, double slope, double distance) const;

  struct Correction {  // what the score at a point near the trace says of it
    Vector rest;       // the way to the trace, at the same value of the coefficient
    double gain;       // of log-likelihood by it
    double slope;      // of the profile
  };

  Correction correction(const Vector& score) const;

 private:
  const Maximum* maximum_;
  Index coefficient_;
  Vector tangent_;
  double variance_ = 0.0;
};

// A point that is higher than the maximum.
struct Higher {
  double excess = 0.0;  // of log-likelihood
  Vector beta;

  void see(double by, const Vector& at);
};

// Asks for the moments at one point after another, up to Order::gradient, until it has converged or
// is lost. Those of several coefficients go in step: a pass over the rows serves them all.
class ProfileIteration {
 public:
  explicit ProfileIteration(const ProfileTrace& trace, Vector start);
  virtual ~ProfileIteration() = default;

  bool running() const { return running_; }
  bool converged() const { return converged_; }
  const Vector& beta() const { return beta_; }

  const Higher& higher() const { return higher_; }

  void take(const Moments& moments);

 protected:
  // A fixed matrix takes the distance to the trace down by a factor (at most kTraceShrinks) a pass.
  virtual void advance(const Moments& moments) = 0;

  void end(bool converged);

  const ProfileTrace* trace_;
  Vector beta_;

 private:
  bool running_;
  bool converged_ = false;
  int passes_ = 0;
  Higher higher_;
};

template <typename SomeIteration>
void iterate_together(const Maximum& maximum,
                      Evaluator& rows,
                      std::vector<SomeIteration>& iterations) {
  for (;;) {
    std::vector<ProfileIteration*> running;
    std::vector<Vector> points;
    for (ProfileIteration& iteration : iterations) {
      if (!iteration.running()) continue;
      running.push_back(&iteration);
      points.push_back(iteration.beta());
    }
    if (running.empty()) return;
    const std::vector<Moments> moments = maximum.gradients_at(rows, points);
    for (std::size_t i = 0; i < running.size(); ++i) running[i]->take(moments[i]);
  }
}

// To the trace, at the same value of the coefficient.
class PointIteration final : public ProfileIteration {
 public:
  using ProfileIteration::ProfileIteration;

  double loglik() const { return loglik_; }

 protected:
  void advance(const Moments& moments) override;

 private:
  double last_ = std::numeric_limits<double>::infinity();
  double loglik_ = 0.0;
};

// To the end of an interval: where the root of the fall is `quantile` (Venzon & Moolgavkar 1988,
// with a fixed matrix).
class EndIteration final : public ProfileIteration {
 public:
  // side: 1 or -1; along the tangent.
  EndIteration(const ProfileTrace& trace, double side, double quantile);

  // On the other side, with what this one has told of how the trace bends and what it is like
  // there.
  EndIteration opposite() const;

  double distance() const { return distance_; }  // from the estimate, positive

 protected:
  void advance(const Moments& moments) override;

 private:
  EndIteration(const ProfileTrace& trace,
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
