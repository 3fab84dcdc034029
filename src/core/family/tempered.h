// A family whose linear predictors are divided by a temperature.
//
// Where offsets, or a coefficient that is held, make linear predictors large, the log-likelihood is
// nearly a sum of broken lines, and Newton's steps find no hold in it. Divided by a large number it
// is smooth; its maximum moves little as the number is halved, and from one to the next leads a way
// to that of the family itself.
#pragma once

#include <memory>
#include <utility>

#include "family.h"

namespace fastlogit {

class TemperedFamily final : public Family {
 public:
  TemperedFamily(std::shared_ptr<const Family> family, double temperature)
      : family_(std::move(family)), temperature_(temperature) {}

  Index predictors() const override { return family_->predictors(); }
  bool canonical() const override { return family_->canonical(); }
  bool bounded() const override { return family_->bounded(); }
  bool concave() const override { return family_->concave(); }

  double evaluate(const ConstMatrixRef& eta,
                  const Response& response,
                  Order order,
                  Curvature curvature,
                  MatrixRef residual,
                  MatrixRef weight) const override {
    const Matrix cooler = eta / temperature_;
    const double loglik = family_->evaluate(cooler, response, order, curvature, residual, weight);
    if (order >= Order::gradient) residual /= temperature_;
    if (order >= Order::information) weight /= temperature_ * temperature_;
    return loglik;
  }

 private:
  std::shared_ptr<const Family> family_;
  double temperature_;
};

}  // namespace fastlogit
