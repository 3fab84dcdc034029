// A family at linear predictors that are damped: the log-likelihood of eta is that of damping *
// eta.
//
// Where offsets are wide, the log-likelihood is all but piecewise linear, and Newton's steps see
// one piece of it. Damped, it is smooth again; as the damping goes to 1, its maximum goes to the
// true one (a homotopy: Allgower & Georg 1990). It is for domains that are the same for damped
// predictors.
#pragma once

#include <memory>
#include <utility>

#include "family.h"

namespace fastlogit {

class DampedFamily final : public Family {
 public:
  DampedFamily(std::shared_ptr<const Family> family, double damping)
      : family_(std::move(family)), damping_(damping) {}

  Index predictors() const override { return family_->predictors(); }
  const Cuts* cuts() const override { return family_->cuts(); }
  bool canonical() const override { return family_->canonical(); }
  Domain domain() const override { return family_->domain(); }
  bool by_row() const override { return family_->by_row(); }
  double set_scale() const override { return damping_ * family_->set_scale(); }

  double evaluate(const ConstMatrixRef& eta,
                  const Response& response,
                  Order order,
                  Curvature curvature,
                  MatrixRef residual,
                  MatrixRef weight) const override {
    const double loglik =
        family_->evaluate(damping_ * eta, response, order, curvature, residual, weight);
    if (order >= Order::gradient) residual *= damping_;
    if (order >= Order::information) weight *= damping_ * damping_;
    return loglik;
  }

  void add_adjustment(const ConstMatrixRef& eta,
                      const Response& response,
                      Adjustment kind,
                      const ConstMatrixRef& leverage,
                      MatrixRef residual) const override {
    Matrix adjustment = Matrix::Zero(residual.rows(), residual.cols());
    family_->add_adjustment(
        damping_ * eta, response, kind, damping_ * damping_ * leverage, adjustment);
    residual += damping_ * adjustment;
  }

  void add_third_order(const ConstMatrixRef& eta,
                       const Response& response,
                       const ConstMatrixRef& directions,
                       VectorRef sums) const override {
    family_->add_third_order(damping_ * eta, response, damping_ * directions, sums);
  }

 private:
  std::shared_ptr<const Family> family_;
  double damping_;
};

}  // namespace fastlogit
