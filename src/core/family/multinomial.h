// Many classes, q = K - 1: softmax regression against a baseline (Bishop 2006, section 4.3.4).
//
// With p_0 the probability of the baseline and eta_j = log(p_j / p_0), the log-likelihood of a row
// of weight w is w sum_j y_j log p_j, less its value at p = y; its derivatives are w (y_j - p_j),
// and minus the second ones w p_j (1[j = k] - p_k), eqs. 4.109 and 4.110. Expected and observed
// information coincide.
#pragma once

#include <cmath>

#include "../linalg/softplus.h"
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
    const Block block(eta, response);
    if (order >= Order::gradient) block.write_residual(residual);
    if (order >= Order::information) block.write_weights(weight);
    return block.log_likelihood();
  }

 private:
  // Some rows, class by class: column 0 is the baseline, j the class of predictor j. What is
  // computed of rows without weight is finite, whatever their eta is.
  class Block {
   public:
    Block(const ConstMatrixRef& eta, const Response& response)
        : response_(response),
          w_(weights(response, eta.rows())),
          distance_(eta.rows(), eta.cols() + 1),
          p_(eta.rows(), eta.cols() + 1),
          rest_(Vector::Zero(eta.rows())),
          most_(Eigen::VectorXi::Zero(eta.rows())) {
      set_distances(eta);
      set_probabilities();
    }

    double log_likelihood() const {
      double sum = 0.0;
      for (Index i = 0; i < w_.size(); ++i) {
        if (w_[i] != 0.0) sum += w_[i] * log_likelihood(i);
      }
      return sum;
    }

    void write_residual(MatrixRef residual) const {
      for (Index j = 1; j < p_.cols(); ++j) {
        for (Index i = 0; i < w_.size(); ++i) {
          residual(i, j - 1) = w_[i] == 0.0 ? 0.0 : w_[i] * difference(i, j);
        }
      }
    }

    void write_weights(MatrixRef weight) const {
      Index pair = 0;
      for (Index j = 1; j < p_.cols(); ++j) {
        const Vector wp = w_.cwiseProduct(p_.col(j));
        for (Index k = 1; k < j; ++k) weight.col(pair++) = -wp.cwiseProduct(p_.col(k));
        for (Index i = 0; i < w_.size(); ++i) weight(i, pair) = wp[i] * others(i, j);
        ++pair;
      }
    }

   private:
    static Vector weights(const Response& response, Index rows) {
      if (!response.weight) return Vector::Ones(rows);
      return Eigen::Map<const Vector>(response.weight, rows);
    }

    // eta_j less the largest of them; exactly 0 at the class whose it is.
    void set_distances(const ConstMatrixRef& eta) {
      Vector top = Vector::Zero(eta.rows());
      distance_.col(0).setZero();
      for (Index j = 1; j < distance_.cols(); ++j) {
        for (Index i = 0; i < top.size(); ++i) {
          const double value = w_[i] == 0.0 ? 0.0 : eta(i, j - 1);
          distance_(i, j) = value;
          most_[i] = value > top[i] ? static_cast<int>(j) : most_[i];
          top[i] = value > top[i] ? value : top[i];
        }
      }
      for (Index j = 0; j < distance_.cols(); ++j) {
        for (Index i = 0; i < top.size(); ++i) {
          distance_(i, j) = most_[i] == j ? 0.0 : distance_(i, j) - top[i];
        }
      }
    }

    // exp(eta - max) sums to 1 + the rest: nothing cancels, however small the rest is.
    void set_probabilities() {
      Vector unused(p_.rows());
      for (Index j = 0; j < p_.cols(); ++j) {
        softplus(distance_.col(j).data(), p_.rows(), p_.col(j).data(), unused.data());
        for (Index i = 0; i < rest_.size(); ++i) rest_[i] += most_[i] == j ? 0.0 : p_(i, j);
      }
      const Vector inverse = (1.0 + rest_.array()).inverse();
      p_.array().colwise() *= inverse.array();
    }

    // Relative to the saturated model.
    double log_likelihood(Index i) const {
      const double log_total = std::log1p(rest_[i]);
      if (response_.category) return distance_(i, response_.category[i]) - log_total;
      double sum = 0.0;
      for (Index j = 0; j < p_.cols(); ++j) {
        const double y = outcome(i, j);
        const double log_p = distance_(i, j) - log_total;
        if (y == 1.0) return log_p;
        // The term m - x is left at x = 0.
        sum -= y == 0.0 ? p_(i, j) : saddle_point_deviance(y, difference(i, j), p_(i, j), log_p);
      }
      return sum;
    }

    double outcome(Index i, Index j) const {
      if (response_.category) return response_.category[i] == j ? 1.0 : 0.0;
      return response_.y[j * response_.stride + i];
    }

    // y_j - p_j, from the side where it is small.
    double difference(Index i, Index j) const {
      const double y = outcome(i, j);
      return y == 1.0 ? others(i, j) : y - p_(i, j);
    }

    // 1 - p_j without cancellation: all but the largest probability are at most 1 / 2.
    double others(Index i, Index j) const {
      return most_[i] == j ? rest_[i] * p_(i, j) : 1.0 - p_(i, j);
    }

    Response response_;
    Vector w_;
    Matrix distance_;
    Matrix p_;
    Vector rest_;  // the odds against the most probable class
    Eigen::VectorXi most_;
  };

  Index predictors_;
};

}  // namespace fastlogit
