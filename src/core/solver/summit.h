// The maximum from which the profiles of all coefficients start.
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "../engine/evaluator.h"
#include "../linalg/cholesky.h"
#include "../penalty/penalty.h"

namespace fastlogit {

// The maximum of the (penalised) log-likelihood, and how it bends there.
class Summit {
 public:
  // aliased: by column of the design; left_out: by coefficient, these and others.
  Summit(Evaluator& rows,
         const Penalty& penalty,
         Vector beta,
         std::vector<bool> aliased,
         std::vector<bool> left_out)
      : penalty_(&penalty),
        beta_(std::move(beta)),
        aliased_(std::move(aliased)),
        left_out_(std::move(left_out)) {
    const Moments moments = moments_at(rows, beta_, Order::information);
    loglik_ = moments.loglik;
    curved_ = factor_.compute(moments.information, left_out_);
    score_ = free_part(moments.score);
    stationary_ = curved_ && promise() <= kStationary;
  }

  // Penalised, at any point.
  Moments moments_at(Evaluator& rows, const Vector& beta, Order order) const {
    const Curvature curvature =
        penalty_->adjusts_score() ? Curvature::expected : Curvature::observed;
    Moments moments =
        rows.evaluate(beta, std::max(order, penalty_->line_search_order()), curvature);
    penalty_->apply(beta, {basis_, aliased_}, rows, moments);
    return moments;
  }

  // Up to Order::gradient, at several points.
  std::vector<Moments> gradients_at(Evaluator& rows, const std::vector<Vector>& points) const {
    std::vector<Moments> all;
    if (penalty_->line_search_order() > Order::gradient) {
      for (const Vector& beta : points) all.push_back(moments_at(rows, beta, Order::gradient));
      return all;
    }
    all = rows.gradients(points);
    for (std::size_t i = 0; i < points.size(); ++i) {
      penalty_->apply(points[i], {basis_, aliased_}, rows, all[i]);
    }
    return all;
  }

  const Vector& beta() const { return beta_; }
  double loglik() const { return loglik_; }
  const std::vector<bool>& aliased() const { return aliased_; }

  const std::vector<bool>& left_out() const { return left_out_; }

  // False when the information is not positive definite: then there are no solutions.
  bool curved() const { return curved_; }

  // False on the edge of a domain, where the log-likelihood has a slope.
  bool stationary() const { return stationary_; }

  Vector solve(const Vector& b) const { return factor_.solve(b); }

  // With zeros for coefficients that are left out.
  Vector free_part(Vector score) const {
    for (Index j = 0; j < score.size(); ++j) {
      if (left_out_[j]) score[j] = 0.0;
    }
    return score;
  }

  // The gain of a Newton step, relative to the log-likelihood; NaN where there is none.
  double promise() const { return 0.5 * score_.dot(solve(score_)) / (std::fabs(loglik_) + 0.05); }

 private:
  static constexpr double kStationary = 1e-7;

  const Penalty* penalty_;
  Matrix basis_;  // empty: the coefficients themselves
  Vector beta_;
  std::vector<bool> aliased_;
  std::vector<bool> left_out_;
  double loglik_;
  Vector score_;
  bool curved_;
  bool stationary_;
  Cholesky factor_;
};

}  // namespace fastlogit
