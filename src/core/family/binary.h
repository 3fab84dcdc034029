// Two classes, q = 1: the binomial family over any link.
//
// For a proportion y with complement c = 1 - y and weight w, the log-likelihood of a row is
// w (y log mu + c log nu) less its value at mu = y. All derivatives are those of log mu and log nu,
// so a row with y = 0 or 1 takes its score from the side where it is small.
#pragma once

#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

#include "deviance.h"
#include "family.h"
#include "link_block.h"
#include "logistic.h"
#include "user_link.h"

namespace fastlogit {

template <class Link>
class BinaryFamily final : public Family {
 public:
  explicit BinaryFamily(Link link = Link()) : link_(std::move(link)) {}

  Index predictors() const override { return 1; }

  bool canonical() const override { return Link::canonical; }

  bool concave() const override { return Link::concave; }

  Domain domain() const override {
    if constexpr (std::is_same_v<Link, UserLink>) {
      return link_.functions->domain;
    } else {
      return Link::domain;
    }
  }

  bool by_row() const override {
    if constexpr (std::is_same_v<Link, UserLink>) {
      return link_.functions->by_row;
    } else {
      return false;
    }
  }

  double evaluate(const ConstMatrixRef& eta,
                  const Response& response,
                  const Order order,
                  const Curvature curvature,
                  MatrixRef residual,
                  MatrixRef weight) const override {
    if constexpr (std::is_same_v<Link, LogitLink>) {
      if (response.single) return sum_of_single_trials(eta, response, order, residual, weight);
    }
    const Block block{eta.rows(), eta.data(), response, residual.data(), weight.data()};
    switch (order) {
      case Order::value:
        return sum<Order::value, Curvature::expected>(block);
      case Order::gradient:
        return sum<Order::gradient, Curvature::expected>(block);
      case Order::information:
        break;
    }
    return Link::canonical || curvature == Curvature::expected
               ? sum<Order::information, Curvature::expected>(block)
               : sum<Order::information, Curvature::observed>(block);
  }

  void add_adjustment(const ConstMatrixRef& eta,
                      const Response& response,
                      Adjustment kind,
                      const ConstMatrixRef& leverage,
                      MatrixRef residual) const override {
    for_each_counted(eta, response, [&](Index i, double weight, const LinkPoint& point) {
      const double slope = log_slope_change(point);
      const double change =
          kind == Adjustment::mean ? slope : 2.0 * slope - log_variance_change(point);
      residual(i, 0) += product(weight * leverage(i, 0), change);
    });
  }

  void add_third_order(const ConstMatrixRef& eta,
                       const Response& response,
                       const ConstMatrixRef& directions,
                       VectorRef sums) const override {
    Vector factor = Vector::Zero(eta.rows());
    for_each_counted(eta, response, [&](Index i, double weight, const LinkPoint& point) {
      factor[i] = product(weight, log_variance_change(point) / 3.0 - log_slope_change(point));
    });
    sums += directions.array().cube().matrix().transpose() * factor;
  }

  void means(const ConstMatrixRef& eta,
             const Response& response,
             MatrixRef mean,
             MatrixRef slope) const override {
    for_each_mean(
        eta,
        response,
        [&](Index i, double weight, const Mean& mu) {
          mean(i, 0) = weight * mu.value;
          slope(i, 0) = weight * mu.slope;
        },
        mean,
        slope);
  }

  void means_along(const ConstMatrixRef& eta,
                   const Response& response,
                   const ConstMatrixRef& direction,
                   MatrixRef mean,
                   MatrixRef slope) const override {
    for_each_mean(
        eta,
        response,
        [&](Index i, double weight, const Mean& mu) {
          mean(i, 0) = weight * mu.slope * direction(i, 0);
          slope(i, 0) = weight * mu.curvature * direction(i, 0);
        },
        mean,
        slope);
  }

 private:
  // mu and its derivatives in eta.
  struct Mean {
    double value;
    double slope;
    double curvature;
  };

  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

  // visit(i, weight, mean) for the rows that have a weight; the others are set to zero.
  template <typename Visit>
  void for_each_mean(const ConstMatrixRef& eta,
                     const Response& response,
                     const Visit& visit,
                     MatrixRef mean,
                     MatrixRef slope) const {
    const LinkBlock<Link> link(link_, eta.data(), eta.rows(), response.weight, 2);
    mean.setZero();
    slope.setZero();
    for (Index i = 0; i < eta.rows(); ++i) {
      const double w = response.weight ? response.weight[i] : 1.0;
      if (w == 0.0) continue;
      // A user's functions have nothing to say outside of their domain.
      const bool known = !std::is_same_v<Link, UserLink> || link.contains(i);
      visit(i, w, known ? mean_at(link.template at<2>(i)) : Mean{kNone, kNone, kNone});
    }
  }

  // As mu' = mu (log mu)' = -nu (log nu)', of the outcome that has not underflowed.
  static Mean mean_at(const LinkPoint& point) {
    constexpr double kRounding = 1e-12;
    const double mu = point.success.probability;
    if (!(mu >= -kRounding && mu <= 1.0 + kRounding)) return {kNone, kNone, kNone};
    const bool vanished = std::fabs(mu) < std::numeric_limits<double>::min();
    const Outcome& outcome = vanished ? point.failure : point.success;
    const double signed_mean = vanished ? -outcome.probability : mu;
    return {mu,
            product(signed_mean, outcome.slope),
            product(signed_mean, outcome.slope * outcome.slope + outcome.curvature)};
  }

  struct Block {
    Index rows;
    const double* eta;
    const Response& response;
    double* residual;
    double* weight;
  };

  // visit(i, expected weight, point) for the rows that have a weight and lie in the domain.
  template <typename Visit>
  void for_each_counted(const ConstMatrixRef& eta,
                        const Response& response,
                        const Visit& visit) const {
    const LinkBlock<Link> link(link_, eta.data(), eta.rows(), response.weight, 2);
    for (Index i = 0; i < eta.rows(); ++i) {
      const double w = response.weight ? response.weight[i] : 1.0;
      if (w == 0.0 || !link.contains(i)) continue;
      const LinkPoint point = link.template at<2>(i);
      visit(i, w * expected_weight(point), point);
    }
  }

  // (log mu')' = mu'' / mu', of either outcome whose slope has not underflowed.
  static double log_slope_change(const LinkPoint& point) {
    const bool vanished = point.success.slope < std::numeric_limits<double>::min();
    const Outcome& outcome = vanished ? point.failure : point.success;
    return outcome.slope + outcome.curvature / outcome.slope;
  }

  // (log mu nu)'
  static double log_variance_change(const LinkPoint& point) {
    return point.success.slope + point.failure.slope;
  }

  static double sum_of_single_trials(const ConstMatrixRef& eta,
                                     const Response& response,
                                     const Order order,
                                     MatrixRef residual,
                                     MatrixRef weight) {
    const Index n = eta.rows();
    Vector odds(n);
    Vector log_total(n);
    softplus(eta.data(), n, odds.data(), log_total.data());
    return logistic_rows({eta.data(),
                          response.y,
                          response.weight,
                          odds.data(),
                          log_total.data(),
                          order >= Order::gradient ? residual.data() : nullptr,
                          order >= Order::information ? weight.data() : nullptr},
                         n);
  }

  template <Order order, Curvature curvature>
  double sum(const Block& block) const {
    constexpr bool observed = curvature == Curvature::observed;
    constexpr int derivatives = order == Order::value ? 0 : observed ? 2 : 1;
    const Response& response = block.response;
    const LinkBlock<Link> link(link_, block.eta, block.rows, response.weight, derivatives);
    double loglik = 0.0;
    for (Index i = 0; i < block.rows; ++i) {
      const double w = response.weight ? response.weight[i] : 1.0;
      if (w == 0.0) {  // whatever eta and y are
        if constexpr (order >= Order::gradient) block.residual[i] = 0.0;
        if constexpr (order >= Order::information) block.weight[i] = 0.0;
        continue;
      }
      if (!link.contains(i)) return -std::numeric_limits<double>::infinity();
      const LinkPoint point = link.template at<derivatives>(i);
      const double y = response.y[i];
      const double c = response.complement ? response.complement[i] : 1.0 - y;
      loglik += w * log_likelihood(y, c, point);
      if constexpr (order >= Order::gradient) block.residual[i] = w * score(y, c, point);
      if constexpr (order >= Order::information) {
        block.weight[i] = w * (observed ? observed_weight(y, c, point) : expected_weight(point));
      }
    }
    return loglik;
  }

  // Relative to the saturated model. The terms m - x of the two outcomes cancel, so their sum is
  // y log(y / mu) + c log(c / nu), without a cancellation where one mean or both are near their
  // response.
  static double log_likelihood(const double y, const double c, const LinkPoint& point) {
    if (y == 0.0) return point.failure.log_probability;
    if (c == 0.0) return point.success.log_probability;
    const double mu = point.success.probability;
    const double nu = point.failure.probability;
    const double difference = mu < nu ? y - mu : nu - c;  // on the side where it is rounded less
    return -(saddle_point_deviance(y, difference, mu, point.success.log_probability) +
             saddle_point_deviance(c, -difference, nu, point.failure.log_probability));
  }

  static double score(const double y, const double c, const LinkPoint& point) {
    return product(y, point.success.slope) + product(c, point.failure.slope);
  }

  // mu'^2 / (mu nu), as mu' = mu (log mu)' = -nu (log nu)'.
  static double expected_weight(const LinkPoint& point) {
    return -product(point.success.slope, point.failure.slope);
  }

  static double observed_weight(const double y, const double c, const LinkPoint& point) {
    return -product(y, point.success.curvature) - product(c, point.failure.curvature);
  }

  Link link_;
};

}  // namespace fastlogit
