// Families that no user asks for: they serve to find a start for the others.
#pragma once

#include <cmath>

#include "family.h"

namespace fastlogit {

// Fits linear predictors to a target: y is not a response but the predictors that are wanted.
class LeastSquares final : public Family {
 public:
  Index predictors() const override { return 1; }
  bool canonical() const override { return true; }

  double evaluate(const ConstMatrixRef& eta,
                  const Response& target,
                  Order order,
                  Curvature,
                  MatrixRef residual,
                  MatrixRef weight) const override {
    double loglik = 0.0;
    for (Index i = 0; i < eta.rows(); ++i) {
      const double w = target.weight ? target.weight[i] : 1.0;
      const double difference = w > 0.0 ? target.y[i] - eta(i, 0) : 0.0;
      loglik -= 0.5 * w * difference * difference;
      if (order >= Order::gradient) residual(i, 0) = w * difference;
      if (order >= Order::information) weight(i, 0) = w;
    }
    return loglik;
  }
};

// -sum exp(steepness * overshoot) over the edges of a domain and the rows that count: its
// maximisation pushes every linear predictor into the domain, if there is a way. The steeper it is,
// the more the farthest of them counts.
//
// Of an interval, the overshoot is from its middle, in units of half its length, so that the
// linear predictors come as close to the middle as they can.
class PhaseOne final : public Family {
 public:
  PhaseOne(const Domain& domain, double steepness) : domain_(domain) {
    const bool interval = domain.has_lower() && domain.has_upper();
    const double half = interval ? 0.5 * (domain.upper - domain.lower) : 0.0;
    rate_ = interval ? steepness / half : steepness;
    top_ = domain.upper - half;
    bottom_ = domain.lower + half;
  }

  Index predictors() const override { return 1; }
  bool canonical() const override { return true; }

  double evaluate(const ConstMatrixRef& eta,
                  const Response& response,
                  Order order,
                  Curvature,
                  MatrixRef residual,
                  MatrixRef weight) const override {
    double loglik = 0.0;
    for (Index i = 0; i < eta.rows(); ++i) {
      const bool counts = !response.weight || response.weight[i] > 0.0;
      const bool above = counts && domain_.has_upper();
      const bool below = counts && domain_.has_lower();
      const double up = above ? std::exp(rate_ * (eta(i, 0) - top_)) : 0.0;
      const double down = below ? std::exp(rate_ * (bottom_ - eta(i, 0))) : 0.0;
      loglik -= up + down;
      if (order >= Order::gradient) residual(i, 0) = rate_ * (down - up);
      if (order >= Order::information) weight(i, 0) = rate_ * rate_ * (up + down);
    }
    return loglik;
  }

 private:
  Domain domain_;
  double rate_;
  double top_;
  double bottom_;
};

}  // namespace fastlogit
