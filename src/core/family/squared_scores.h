// A family whose weights are the squares and products of the rows' own scores: the information that
// comes of them is the sum of the outer products of the rows' scores, the meat of a sandwich
// (White 1982).
#pragma once

#include <algorithm>
#include <memory>
#include <utility>

#include "family.h"

namespace fastlogit {

class SquaredScores final : public Family {
 public:
  explicit SquaredScores(std::shared_ptr<const Family> family) : family_(std::move(family)) {}

  Index predictors() const override { return family_->predictors(); }
  bool canonical() const override { return true; }
  bool by_row() const override { return family_->by_row(); }

  double evaluate(const ConstMatrixRef& eta,
                  const Response& response,
                  Order order,
                  Curvature curvature,
                  MatrixRef residual,
                  MatrixRef weight) const override {
    const Order scores = std::min(order, Order::gradient);
    const double loglik = family_->evaluate(eta, response, scores, curvature, residual, weight);
    if (order < Order::information) return loglik;
    Index pair = 0;
    for (Index j = 0; j < residual.cols(); ++j) {
      for (Index k = 0; k <= j; ++k, ++pair) {
        weight.col(pair) = residual.col(j).cwiseProduct(residual.col(k));
      }
    }
    return loglik;
  }

 private:
  std::shared_ptr<const Family> family_;
};

}  // namespace fastlogit
