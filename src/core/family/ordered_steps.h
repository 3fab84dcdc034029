// How the predictors of all cuts become the probabilities of ordered classes, see ordered.h.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "interval.h"

namespace fastlogit {

// P(y <= j) = F(eta_j).
template <class Link>
class CumulativeSteps {
 public:
  static constexpr bool concave = Link::concave;

  CumulativeSteps(const ConstMatrixRef& eta, Index i) : eta_(eta), row_(i) {}

  bool valid() const {
    for (Index j = 1; j < eta_.cols(); ++j) {
      if (!(eta_(row_, j) > eta_(row_, j - 1))) return false;
    }
    return true;
  }

  double log_probability(Index k) const { return at(k).log_probability; }

  void derive(Index k, VectorRef gradient, MatrixRef hessian) const {
    const Interval here = at(k);
    if (k < eta_.cols()) {
      gradient[k] = here.du;
      hessian(k, k) = here.duu;
    }
    if (k > 0) {
      gradient[k - 1] = here.dv;
      hessian(k - 1, k - 1) = here.dvv;
    }
    if (k > 0 && k < eta_.cols()) hessian(k, k - 1) = hessian(k - 1, k) = here.duv;
  }

 private:
  Interval at(Index k) const {
    if (k == 0) return below(IntervalOf<Link>::point(eta_(row_, 0)).success);
    if (k == eta_.cols()) return above(IntervalOf<Link>::point(eta_(row_, k - 1)).failure);
    return IntervalOf<Link>::between(eta_(row_, k), eta_(row_, k - 1));
  }

  ConstMatrixRef eta_;
  Index row_;
};

// P(y = j | y >= j) = F(eta_j).
template <class Link>
class ContinuationSteps {
 public:
  static constexpr bool concave = Link::concave;

  ContinuationSteps(const ConstMatrixRef& eta, Index i) {
    double passed = 0.0;
    for (Index j = 0; j < eta.cols(); ++j) {
      points_.push_back(IntervalOf<Link>::point(eta(i, j)));
      log_p_.push_back(passed + points_.back().success.log_probability);
      passed += points_.back().failure.log_probability;
    }
    log_p_.push_back(passed);
  }

  bool valid() const { return true; }

  double log_probability(Index k) const { return log_p_[k]; }

  void derive(Index k, VectorRef gradient, MatrixRef hessian) const {
    for (Index j = 0; j < gradient.size() && j <= k; ++j) {
      const Outcome& outcome = j == k ? points_[j].success : points_[j].failure;
      gradient[j] = outcome.slope;
      hessian(j, j) = outcome.curvature;
    }
  }

 private:
  std::vector<LinkPoint> points_;
  std::vector<double> log_p_;
};

// P(y = j | y = j or j + 1) = F(eta_j): with r = log(F / (1 - F)) the probability of class k is
// proportional to exp(r_k + r_(k+1) + ...).
template <class Link>
class AdjacentSteps {
 public:
  static constexpr bool concave = Link::canonical;

  AdjacentSteps(const ConstMatrixRef& eta, Index i)
      : log_p_(eta.cols() + 1, 0.0), up_to_(eta.cols()), beyond_(eta.cols()) {
    const Index count = eta.cols();
    for (Index j = 0; j < count; ++j) points_.push_back(IntervalOf<Link>::point(eta(i, j)));
    for (Index k = count - 1; k >= 0; --k) {
      log_p_[k] =
          log_p_[k + 1] + points_[k].success.log_probability - points_[k].failure.log_probability;
    }
    const double most = *std::max_element(log_p_.begin(), log_p_.end());
    double total = 0.0;
    for (const double log_p : log_p_) total += std::exp(log_p - most);
    for (double& log_p : log_p_) log_p -= most + std::log(total);
    double sum = 0.0;
    for (Index j = 0; j < count; ++j) up_to_[j] = sum += std::exp(log_p_[j]);
    sum = 0.0;
    for (Index j = count - 1; j >= 0; --j) beyond_[j] = sum += std::exp(log_p_[j + 1]);
  }

  bool valid() const { return true; }

  double log_probability(Index k) const { return log_p_[k]; }

  void derive(Index k, VectorRef gradient, MatrixRef hessian) const {
    for (Index j = 0; j < gradient.size(); ++j) {
      const double rest = k <= j ? beyond_[j] : -up_to_[j];
      gradient[j] = slope(j) * rest;
      for (Index l = 0; l <= j; ++l) {
        hessian(j, l) = hessian(l, j) = -slope(j) * slope(l) * up_to_[l] * beyond_[j];
      }
      hessian(j, j) += (points_[j].success.curvature - points_[j].failure.curvature) * rest;
    }
  }

 private:
  double slope(Index j) const { return points_[j].success.slope - points_[j].failure.slope; }

  std::vector<LinkPoint> points_;
  std::vector<double> log_p_;
  std::vector<double> up_to_;   // P(y <= j)
  std::vector<double> beyond_;  // P(y > j)
};

}  // namespace fastlogit
