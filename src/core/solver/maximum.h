// The maximum from which the profiles of all coefficients start.
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "../engine/evaluator.h"
#include "../linalg/cholesky.h"
#include "../penalty/penalty.h"
#include "tuning.h"

namespace fastlogit {

// The maximum of the (penalised) log-likelihood, and how it bends there.
class Maximum {
 public:
  // aliased: by column of the design; left_out: by coefficient, these and others.
  Maximum(Evaluator& rows,
          const Penalty& penalty,
          Vector beta,
          std::vector<bool> aliased,
          std::vector<bool> left_out);

  // Penalised, at any point.
  Moments moments_at(Evaluator& rows, const Vector& beta, Order order) const;

  // Up to Order::gradient, at several points.
  std::vector<Moments> gradients_at(Evaluator& rows, const std::vector<Vector>& points) const;

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
  Vector free_part(Vector score) const;

  // The gain of a Newton step, relative to the log-likelihood; NaN where there is none.
  double promise() const { return 0.5 * score_.dot(solve(score_)) / size_of(loglik_); }

 private:
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
