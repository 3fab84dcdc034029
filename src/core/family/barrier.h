// A family with a logarithmic barrier: adds strength * w log(distance) for each edge of its link's
// domain.
//
// Where the maximum lies on the edge of the domain, Newton's steps end there one row after another.
// With a barrier the maximum lies inside, and goes to the true one with the strength to zero
// (Fiacco & McCormick 1968; Boyd & Vandenberghe 2004, section 11.3).
#pragma once

#include <cmath>
#include <memory>
#include <utility>

#include "family.h"

namespace fastlogit {

class BarrierFamily final : public Family {
 public:
  BarrierFamily(std::shared_ptr<const Family> family, double strength)
      : family_(std::move(family)), strength_(strength) {}

  Index predictors() const override { return family_->predictors(); }
  const Cuts* cuts() const override { return family_->cuts(); }
  bool canonical() const override { return family_->canonical(); }
  Domain domain() const override { return family_->domain(); }
  bool by_row() const override { return family_->by_row(); }

  double evaluate(const ConstMatrixRef& eta,
                  const Response& response,
                  Order order,
                  Curvature curvature,
                  MatrixRef residual,
                  MatrixRef weight) const override {
    double loglik = family_->evaluate(eta, response, order, curvature, residual, weight);
    if (!std::isfinite(loglik)) return loglik;
    const Domain edges = domain();
    for (Index i = 0; i < eta.rows(); ++i) {
      const double w = strength_ * (response.weight ? response.weight[i] : 1.0);
      if (w == 0.0) continue;
      const auto keep_away = [&](double distance, double direction) {
        const double slope = direction / distance;
        loglik += w * std::log(distance);
        if (order >= Order::gradient) residual(i, 0) += w * slope;
        if (order >= Order::information) weight(i, 0) += w * slope * slope;
      };
      if (edges.has_upper()) keep_away(edges.upper - eta(i, 0), -1.0);
      if (edges.has_lower()) keep_away(eta(i, 0) - edges.lower, 1.0);
    }
    return loglik;
  }

 private:
  std::shared_ptr<const Family> family_;
  double strength_;
};

}  // namespace fastlogit
