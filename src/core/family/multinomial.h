// Many classes, q = K - 1: softmax regression against a baseline (Bishop 2006, section 4.3.4).
//
// With p_0 the probability of the baseline and eta_j = log(p_j / p_0), the log-likelihood of a row
// of weight w is w sum_j y_j log p_j, less its value at p = y; its derivatives are w (y_j - p_j),
// and minus the second ones w p_j (1[j = k] - p_k), eqs. 4.109 and 4.110. Expected and observed
// information coincide.
#pragma once

#include <algorithm>
#include <cmath>

#include "deviance.h"
#include "family.h"

namespace fastlogit {

class MultinomialFamily final : public Family {
 public:
  explicit MultinomialFamily(Index predictors) : predictors_(predictors) {}

  Index predictors() const override { return predictors_; }

  bool canonical() const override { return true; }

  double evaluate(const ConstMatrixRef& eta,
                  const Response& response,
                  Order order,
                  Curvature,
                  MatrixRef residual,
                  MatrixRef weight) const override {
    Row row(predictors_);
    double loglik = 0.0;
    for (Index i = 0; i < eta.rows(); ++i) {
      const double w = response.weight ? response.weight[i] : 1.0;
      if (w == 0.0) {
        if (order >= Order::gradient) residual.row(i).setZero();
        if (order >= Order::information) weight.row(i).setZero();
        continue;
      }
      row.set_probabilities(eta, i);
      row.set_outcome(response, i);
      loglik += w * row.log_likelihood();
      if (order >= Order::gradient) residual.row(i) = w * row.residual();
      if (order >= Order::information) row.write_weights(w, i, weight);
    }
    return loglik;
  }

 private:
  // One row: index 0 is the baseline, j the class of predictor j.
  class Row {
   public:
    explicit Row(Index q) : log_p_(q + 1), p_(q + 1), rest_(q + 1), y_(q + 1), residual_(q) {}

    void set_probabilities(const ConstMatrixRef& eta, Index i) {
      const Index q = eta.cols();
      log_p_[0] = 0.0;
      for (Index j = 0; j < q; ++j) log_p_[j + 1] = eta(i, j);
      const Index most = largest_predictor();
      // exp(eta - max) sums to 1 + the rest: its log is accurate by log1p however small the rest
      // is.
      double rest = 0.0;
      for (Index j = 0; j <= q; ++j) {
        log_p_[j] -= j == most ? 0.0 : log_p_[most];
        p_[j] = j == most ? 1.0 : std::exp(log_p_[j]);
        if (j != most) rest += p_[j];
      }
      log_p_[most] = 0.0;
      log_p_.array() -= std::log1p(rest);
      p_ /= 1.0 + rest;
      // 1 - p_j as the sum of the others, which does not cancel.
      for (Index j = 0; j <= q; ++j) {
        rest_[j] = p_.head(j).sum() + p_.tail(q - j).sum();
      }
    }

    void set_outcome(const Response& response, Index i) {
      if (response.category) {
        y_.setZero();
        y_[response.category[i]] = 1.0;
        return;
      }
      for (Index j = 0; j < y_.size(); ++j) y_[j] = response.y[j * response.stride + i];
    }

    double log_likelihood() const {
      double sum = 0.0;
      for (Index j = 0; j < y_.size(); ++j) {
        if (y_[j] == 1.0) return log_p_[j];
        if (y_[j] == 0.0) {
          sum -= p_[j];  // the term m - x at x = 0
          continue;
        }
        sum -= saddle_point_deviance(y_[j], difference(j), p_[j], log_p_[j]);
      }
      return sum;
    }

    const Eigen::RowVectorXd& residual() {
      for (Index j = 1; j < y_.size(); ++j) residual_[j - 1] = difference(j);
      return residual_;
    }

    void write_weights(double w, Index i, MatrixRef weight) const {
      Index pair = 0;
      for (Index j = 1; j < p_.size(); ++j) {
        const double wp = w * p_[j];
        for (Index k = 1; k < j; ++k) weight(i, pair++) = -wp * p_[k];
        weight(i, pair++) = wp * rest_[j];
      }
    }

   private:
    Index largest_predictor() const {
      Index most = 0;
      log_p_.maxCoeff(&most);
      return most;
    }

    // y_j - p_j, from the side where it is small.
    double difference(Index j) const { return y_[j] == 1.0 ? rest_[j] : y_[j] - p_[j]; }

    Vector log_p_;
    Vector p_;
    Vector rest_;
    Vector y_;
    Eigen::RowVectorXd residual_;
  };

  Index predictors_;
};

}  // namespace fastlogit
