// Ordered classes, from the predictors of all cuts: whatever makes probabilities of these, given
// the logarithm of each class's and its derivatives.
//
// Steps(eta, i) is row i: valid(), log_probability(k), and derive(k, gradient, hessian) of class k.
// A loop over the classes of a row costs K times the squares of the cuts; what needs the observed
// information alone of cumulative probabilities has two predictors, see cumulative.h.
#pragma once

#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "cuts.h"
#include "family.h"

namespace fastlogit {

template <class Steps>
class OrderedFamily final : public Family {
 public:
  // cuts: null where only predictors are spoken of.
  OrderedFamily(Index predictors, std::shared_ptr<const Cuts> cuts)
      : count_(predictors), cuts_(std::move(cuts)) {}

  Index predictors() const override { return count_; }
  const Cuts* cuts() const override { return cuts_.get(); }
  bool canonical() const override { return false; }
  bool concave() const override { return Steps::concave; }

  double evaluate(const ConstMatrixRef& eta,
                  const Response& response,
                  Order order,
                  Curvature curvature,
                  MatrixRef residual,
                  MatrixRef weight) const override {
    Class of(count_);
    double loglik = 0.0;
    if (order >= Order::gradient) residual.setZero();
    if (order >= Order::information) weight.setZero();
    const bool finished = for_each_row(eta, response, [&](Index i, double w, const Steps& at) {
      const Index k = response.category[i];
      loglik += w * at.log_probability(k);
      if (order < Order::gradient) return;
      of.take(at, k);
      residual.row(i) = w * of.gradient.transpose();
      if (order < Order::information) return;
      if (curvature == Curvature::observed) {
        add_pairs(-w * of.hessian, i, weight);
        return;
      }
      for (Index c = 0; c <= count_; ++c) {
        of.take(at, c);
        add_pairs(w * of.probability * of.gradient * of.gradient.transpose(), i, weight);
      }
    });
    return finished ? loglik : -std::numeric_limits<double>::infinity();
  }

  // With p the probabilities of the classes, g and H the derivatives of their logarithms, the
  // expected weights are the sum of p g g'. Of the mean bias the sum of p (g g' + H) g is left
  // (Kosmidis and Firth 2009; Kosmidis 2014).
  void add_adjustment(const ConstMatrixRef& eta,
                      const Response& response,
                      Adjustment kind,
                      const ConstMatrixRef& leverage,
                      MatrixRef residual) const override {
    Class of(count_);
    Matrix h(count_, count_);
    for_each_row(eta, response, [&](Index i, double w, const Steps& at) {
      for (Index j = 0; j < count_; ++j) {
        for (Index k = 0; k <= j; ++k) h(j, k) = h(k, j) = leverage(i, pair(j, k));
      }
      for (Index c = 0; c <= count_; ++c) {
        of.take(at, c);
        const Vector along = h * of.gradient;
        double sum = of.gradient.dot(along);
        if (kind == Adjustment::mean) sum += h.cwiseProduct(of.hessian).sum();
        Vector change = sum * of.gradient;
        if (kind == Adjustment::jeffreys) change += 2.0 * of.hessian * along;
        residual.row(i) += w * of.probability * change.transpose();
      }
    });
  }

  Index outcomes() const override { return count_ + 1; }

  void means(const ConstMatrixRef& eta,
             const Response& response,
             MatrixRef mean,
             MatrixRef slope) const override {
    write(eta, response, mean, slope, [&](Index, const Class& of, double& value, Vector& change) {
      value = of.probability;
      change = of.probability * of.gradient;
    });
  }

  void means_along(const ConstMatrixRef& eta,
                   const Response& response,
                   const ConstMatrixRef& direction,
                   MatrixRef mean,
                   MatrixRef slope) const override {
    write(eta, response, mean, slope, [&](Index i, const Class& of, double& value, Vector& change) {
      const Vector t = direction.row(i).transpose();
      value = of.probability * of.gradient.dot(t);
      change = value * of.gradient + of.probability * of.hessian * t;
    });
  }

 private:
  // A class of a row.
  struct Class {
    explicit Class(Index count) : gradient(count), hessian(count, count) {}

    void take(const Steps& at, Index k) {
      probability = std::exp(at.log_probability(k));
      gradient.setZero();
      hessian.setZero();
      at.derive(k, gradient, hessian);
    }

    double probability = 0.0;
    Vector gradient;
    Matrix hessian;
  };

  static Index pair(Index j, Index k) { return j * (j + 1) / 2 + k; }

  void add_pairs(const Matrix& of_row, Index i, MatrixRef weight) const {
    for (Index j = 0; j < count_; ++j) {
      for (Index k = 0; k <= j; ++k) weight(i, pair(j, k)) += of_row(j, k);
    }
  }

  // visit(i, w, steps) for the rows of positive weight; false at the first that has no
  // probabilities.
  template <typename Visit>
  bool for_each_row(const ConstMatrixRef& eta, const Response& response, const Visit& visit) const {
    for (Index i = 0; i < eta.rows(); ++i) {
      const double w = response.weight ? response.weight[i] : 1.0;
      if (w == 0.0) continue;
      const Steps at(eta, i);
      if (!at.valid()) return false;
      visit(i, w, at);
    }
    return true;
  }

  // describe(i, class, value, change): of each outcome, and its derivatives in eta.
  template <typename Describe>
  void write(const ConstMatrixRef& eta,
             const Response& response,
             MatrixRef mean,
             MatrixRef slope,
             const Describe& describe) const {
    Class of(count_);
    Vector change(count_);
    mean.setZero();
    slope.setZero();
    const bool finished = for_each_row(eta, response, [&](Index i, double w, const Steps& at) {
      for (Index c = 0; c <= count_; ++c) {
        double value = 0.0;
        of.take(at, c);
        describe(i, of, value, change);
        mean(i, c) = w * value;
        slope.row(i).segment(c * count_, count_) = w * change.transpose();
      }
    });
    if (!finished) Family::means(eta, response, mean, slope);
  }

  Index count_;
  std::shared_ptr<const Cuts> cuts_;
};

}  // namespace fastlogit
