// What many classes make of a block of rows, see multinomial.h.
#pragma once

#include <cmath>

#include "../linalg/softplus.h"
#include "deviance.h"
#include "family.h"

namespace fastlogit {

// Some rows, class by class: column 0 is the baseline, j the class of predictor j. What is
// computed of rows without weight is finite, whatever their eta is. Loops run down the columns
// and do not branch, so that they are vectorised.
class MultinomialBlock {
 public:
  MultinomialBlock(const ConstMatrixRef& eta, const Response& response)
      : response_(response),
        distance_(eta.rows(), eta.cols() + 1),
        p_(eta.rows(), eta.cols() + 1),
        rest_(Vector::Zero(eta.rows())) {
    set_weights();
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
      residual.col(j - 1) = -w_.cwiseProduct(p_.col(j));
      if (response_.category) continue;
      for (Index i = 0; i < w_.size(); ++i) {
        if (w_[i] != 0.0) residual(i, j - 1) = w_[i] * difference(outcome(i, j), i, j);
      }
    }
    if (!response_.category) return;
    for (Index i = 0; i < w_.size(); ++i) {
      const Index j = w_[i] == 0.0 ? 0 : response_.category[i];
      if (j > 0) residual(i, j - 1) = w_[i] * difference(1.0, i, j);
    }
  }

  // p_j (1 - p_j) is the sum of the p_j p_k, which does not cancel.
  void write_weights(MatrixRef weight) const {
    const auto pair = [](Index j, Index k) { return j * (j - 1) / 2 + k - 1; };
    for (Index j = 1; j < p_.cols(); ++j) {
      const Vector wp = w_.cwiseProduct(p_.col(j));
      auto own = weight.col(pair(j, j));
      own = wp.cwiseProduct(p_.col(0));
      for (Index k = 1; k < j; ++k) {
        auto shared = weight.col(pair(j, k));
        shared = -wp.cwiseProduct(p_.col(k));
        own -= shared;
        weight.col(pair(k, k)) -= shared;
      }
    }
  }

  // 1 - p_j from the side where it is small, see difference().
  void write_factors(MatrixRef diagonal, MatrixRef root) const {
    const Vector root_weight = w_.cwiseSqrt();
    for (Index j = 1; j < p_.cols(); ++j) {
      const auto p = p_.col(j).array();
      const auto others = (p > 0.5).select(rest_.array() * p, 1.0 - p);
      diagonal.col(j - 1) = w_.array() * p * others;
      root.col(j - 1) = root_weight.cwiseProduct(p_.col(j));
    }
  }

  void add_adjustment(const ConstMatrixRef& leverage, MatrixRef residual) const {
    const Index q = residual.cols();
    Matrix distance = Matrix::Zero(w_.size(), q);  // Q_l less what is the same for all l
    Index pair = 0;
    for (Index j = 0; j < q; ++j) {
      for (Index k = 0; k <= j; ++k, ++pair) {
        const auto h = leverage.col(pair);
        distance.col(j) -= 2.0 * h.cwiseProduct(p_.col(k + 1));
        if (j == k) distance.col(j) += h;
        if (j != k) distance.col(k) -= 2.0 * h.cwiseProduct(p_.col(j + 1));
      }
    }
    const Vector mean = distance.cwiseProduct(p_.rightCols(q)).rowwise().sum();
    for (Index j = 0; j < q; ++j) {
      const Vector wp = w_.cwiseProduct(p_.col(j + 1));
      residual.col(j) += wp.cwiseProduct(distance.col(j) - mean);
    }
  }

  void write_means(MatrixRef mean, MatrixRef slope) const {
    mean = w_.asDiagonal() * p_;
    write_slopes(slope, [&](Index k, Index j) { return mean.col(k).cwiseProduct(p_.col(j)); });
  }

  void write_means_along(const ConstMatrixRef& t, MatrixRef mean, MatrixRef slope) const {
    Matrix direction = Matrix::Zero(t.rows(), p_.cols());
    direction.rightCols(t.cols()) = t;
    for (Index k = 0; k < p_.cols(); ++k) {
      mean.col(k).setZero();
      for (Index j = 0; j < p_.cols(); ++j) {
        mean.col(k) += p_.col(j).cwiseProduct(direction.col(k) - direction.col(j));
      }
      mean.col(k) = w_.cwiseProduct(p_.col(k)).cwiseProduct(mean.col(k));
    }
    write_slopes(slope, [&](Index k, Index j) {
      return p_.col(j).cwiseProduct(mean.col(k)) + p_.col(k).cwiseProduct(mean.col(j));
    });
  }

  // The sum over the rows, of t' y for one trial each of weight w.
  double third_cumulant(const ConstMatrixRef& t) const {
    const Vector mean = t.cwiseProduct(p_.rightCols(t.cols())).rowwise().sum();
    Vector cumulant = -p_.col(0).cwiseProduct(mean.array().cube().matrix());
    for (Index j = 0; j < t.cols(); ++j) {
      cumulant += p_.col(j + 1).cwiseProduct((t.col(j) - mean).array().cube().matrix());
    }
    return w_.dot(cumulant);
  }

 private:
  // shared(k, j): minus the derivative in eta_j of what outcome k has. All of them add to zero,
  // as only differences of eta matter: so that in eta_k does not cancel.
  template <typename Shared>
  void write_slopes(MatrixRef slope, const Shared& shared) const {
    const Index q = p_.cols() - 1;
    slope.setZero();
    for (Index k = 0; k <= q; ++k) {
      for (Index j = 0; j <= q; ++j) {
        if (j == k) continue;
        if (j > 0) slope.col(k * q + j - 1) -= shared(k, j);
        if (k > 0) slope.col(k * q + k - 1) += shared(k, j);
      }
    }
  }

  void set_weights() {
    if (response_.weight) {
      w_ = Eigen::Map<const Vector>(response_.weight, p_.rows());
    } else {
      w_.setOnes(p_.rows());
    }
  }

  // eta_j less the largest of them, eta_0 being 0.
  void set_distances(const ConstMatrixRef& eta) {
    distance_.col(0).setZero();
    distance_.rightCols(eta.cols()) = eta;
    for (Index i = 0; i < w_.size(); ++i) {
      if (w_[i] == 0.0) distance_.row(i).setZero();
    }
    Vector top = distance_.col(0);
    for (Index j = 1; j < distance_.cols(); ++j) top = top.cwiseMax(distance_.col(j));
    distance_.colwise() -= top;
  }

  // The exponentials of the distances sum to the largest of them, 1, and the rest: of each and of
  // the largest so far the smaller one goes to the rest, and nothing cancels.
  void set_probabilities() {
    Vector largest = Vector::Zero(p_.rows());
    Vector unused(p_.rows());
    for (Index j = 0; j < p_.cols(); ++j) {
      softplus(distance_.col(j).data(), p_.rows(), p_.col(j).data(), unused.data());
      rest_ += largest.cwiseMin(p_.col(j));
      largest = largest.cwiseMax(p_.col(j));
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
      const double p = p_(i, j);
      const double log_p = distance_(i, j) - log_total;
      if (y == 1.0) return log_p;
      // The term m - x is left at x = 0.
      sum -= y == 0.0 ? p : saddle_point_deviance(y, difference(y, i, j), p, log_p);
    }
    return sum;
  }

  double outcome(Index i, Index j) const { return response_.y[j * response_.stride + i]; }

  // y - p_j, from the side where it is small: rest_ are the odds against the largest probability,
  // and all others are at most 1 / 2.
  double difference(double y, Index i, Index j) const {
    const double p = p_(i, j);
    if (y != 1.0) return y - p;
    return p > 0.5 ? rest_[i] * p : 1.0 - p;
  }

  Response response_;
  Vector w_;
  Matrix distance_;
  Matrix p_;
  Vector rest_;
};

}  // namespace fastlogit
