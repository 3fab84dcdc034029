// Many classes, q = K - 1: softmax regression against a baseline (Bishop 2006, section 4.3.4).
//
// With p_0 the probability of the baseline and eta_j = log(p_j / p_0), the log-likelihood of a row
// of weight w is w sum_j y_j log p_j, less its value at p = y; its derivatives are w (y_j - p_j),
// and minus the second ones w p_j (1[j = k] - p_k), eqs. 4.109 and 4.110. Expected and observed
// information coincide.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "family.h"
#include "multinomial_block.h"

namespace fastlogit {

class MultinomialFamily final : public Family {
 public:
  explicit MultinomialFamily(Index predictors) : predictors_(predictors) {}

  Index predictors() const override { return predictors_; }

  bool canonical() const override { return true; }

  std::pair<double, double> range(const ConstMatrixRef& eta) const override {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    std::pair<double, double> range{kInfinity, -kInfinity};
    Vector all(eta.cols() + 1);
    for (Index i = 0; i < eta.rows(); ++i) {
      all << 0.0, eta.row(i).transpose();
      Index least, most;
      all.minCoeff(&least);
      all.maxCoeff(&most);
      range.first = std::min(range.first, log_odds(all, least));
      range.second = std::max(range.second, log_odds(all, most));
    }
    return range;
  }

  double evaluate(const ConstMatrixRef& eta,
                  const Response& response,
                  Order order,
                  Curvature,
                  MatrixRef residual,
                  MatrixRef weight) const override {
    const MultinomialBlock block(eta, response);
    if (order >= Order::gradient) block.write_residual(residual);
    if (order >= Order::information) block.write_weights(weight);
    return block.log_likelihood();
  }

  bool has_factors() const override { return predictors_ > 1; }

  void write_factors(const ConstMatrixRef& eta,
                     const Response& response,
                     MatrixRef diagonal,
                     MatrixRef root) const override {
    MultinomialBlock(eta, response).write_factors(diagonal, root);
  }

  // The derivative of tr(H W) in eta_l is w p_l (Q_l - sum_m p_m Q_m), where Q_l = (u_l - p)' H
  // (u_l
  // - p), and u_l are the outcomes: unit vectors, and 0 for the baseline.
  void add_adjustment(const ConstMatrixRef& eta,
                      const Response& response,
                      Adjustment,
                      const ConstMatrixRef& leverage,
                      MatrixRef residual) const override {
    MultinomialBlock(eta, response).add_adjustment(leverage, residual);
  }

  void add_third_order(const ConstMatrixRef& eta,
                       const Response& response,
                       const ConstMatrixRef& directions,
                       VectorRef sums) const override {
    const MultinomialBlock block(eta, response);
    for (Index m = 0; m < sums.size(); ++m) {
      sums[m] -=
          2.0 / 3.0 * block.third_cumulant(directions.middleCols(m * eta.cols(), eta.cols()));
    }
  }

  Index outcomes() const override { return predictors_ + 1; }

  void means(const ConstMatrixRef& eta,
             const Response& response,
             MatrixRef mean,
             MatrixRef slope) const override {
    MultinomialBlock(eta, response).write_means(mean, slope);
  }

  // With t the direction, 0 for the baseline, the derivative of p_k is s_k = p_k sum_j p_j (t_k -
  // t_j), and that of s_k in eta_l, l not k, is -(p_l s_k + p_k s_l).
  void means_along(const ConstMatrixRef& eta,
                   const Response& response,
                   const ConstMatrixRef& direction,
                   MatrixRef mean,
                   MatrixRef slope) const override {
    MultinomialBlock(eta, response).write_means_along(direction, mean, slope);
  }

 private:
  // Of one class against all others.
  static double log_odds(Vector eta, Index of) {
    const double own = eta[of];
    eta[of] = -std::numeric_limits<double>::infinity();
    const double most = eta.maxCoeff();
    return own - most - std::log((eta.array() - most).exp().sum());
  }

  Index predictors_;
};

}  // namespace fastlogit
