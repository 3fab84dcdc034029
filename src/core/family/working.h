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

// -sum exp(eta) over the rows that count: its maximisation pushes every linear predictor below
// zero, if there is a way.
class PhaseOne final : public Family {
 public:
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
      const double height = counts ? std::exp(eta(i, 0)) : 0.0;
      loglik -= height;
      if (order >= Order::gradient) residual(i, 0) = -height;
      if (order >= Order::information) weight(i, 0) = height;
    }
    return loglik;
  }
};

}  // namespace fastlogit
