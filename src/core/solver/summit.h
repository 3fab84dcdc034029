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
  // aliased: by column of the design.
  Summit(Evaluator& rows, const Penalty& penalty, Vector beta, std::vector<bool> aliased)
      : penalty_(&penalty), beta_(std::move(beta)), aliased_(std::move(aliased)) {
    const Moments moments = moments_at(rows, beta_, Order::information);
    loglik_ = moments.loglik;
    curved_ = factor_.compute(moments.information, left_out());
    score_ = free_part(moments.score);
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

  // The same, coefficient by coefficient.
  std::vector<bool> left_out() const {
    std::vector<bool> all(beta_.size());
    for (Index j = 0; j < beta_.size(); ++j) all[j] = is_aliased(j);
    return all;
  }

  // False when the information is not positive definite: then there are no solutions.
  bool curved() const { return curved_; }

  Vector solve(const Vector& b) const { return factor_.solve(b); }

  // With zeros for aliased coefficients.
  Vector free_part(Vector score) const {
    for (Index j = 0; j < score.size(); ++j) {
      if (is_aliased(j)) score[j] = 0.0;
    }
    return score;
  }

  // The gain of a Newton step, relative to the log-likelihood; NaN where there is none.
  double promise() const { return 0.5 * score_.dot(solve(score_)) / (std::fabs(loglik_) + 0.05); }

 private:
  bool is_aliased(Index j) const { return aliased_[j % static_cast<Index>(aliased_.size())]; }

  const Penalty* penalty_;
  Matrix basis_;  // empty: the coefficients themselves
  Vector beta_;
  std::vector<bool> aliased_;
  double loglik_;
  Vector score_;
  bool curved_;
  Cholesky factor_;
};

}  // namespace fastlogit
