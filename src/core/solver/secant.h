// What steps and the scores at their ends tell of the information: the two-loop recursion of L-BFGS
// (Nocedal 1980; Nocedal & Wright 2006, algorithm 7.4).
#pragma once

#include <cstddef>
#include <deque>
#include <utility>

#include "../types.h"
#include "tuning.h"

namespace fastlogit {

class SecantPairs {
 public:
  void clear() { pairs_.clear(); }

  // A step and what it has taken off the score.
  void add(const Vector& step, Vector change) {
    const double curvature = step.dot(change);
    // A pair without positive curvature would make the approximation indefinite.
    if (!(curvature > kPositiveCurvature * step.norm() * change.norm())) return;
    if (pairs_.size() == kSecantMemory) pairs_.pop_front();
    pairs_.push_back({step, std::move(change), curvature});
  }

  // The inverse information times v. solve(v): an approximation of that which knows nothing of the
  // pairs.
  template <typename Solve>
  Vector solve(Vector v, const Solve& solve) const {
    Vector alpha(static_cast<Index>(pairs_.size()));
    for (Index i = alpha.size() - 1; i >= 0; --i) {
      const Pair& pair = pairs_[i];
      alpha[i] = pair.step.dot(v) / pair.curvature;
      v -= alpha[i] * pair.change;
    }
    v = solve(v);
    if (!pairs_.empty()) v *= newest_scale(solve);
    for (Index i = 0; i < alpha.size(); ++i) {
      const Pair& pair = pairs_[i];
      v += (alpha[i] - pair.change.dot(v) / pair.curvature) * pair.step;
    }
    return v;
  }

 private:
  struct Pair {
    Vector step;
    Vector change;  // of the score, sign reversed
    double curvature;
  };

  // The newest pair tells by how much the approximation is wrong.
  template <typename Solve>
  double newest_scale(const Solve& solve) const {
    const Pair& pair = pairs_.back();
    return pair.curvature / pair.change.dot(solve(pair.change));
  }

  std::deque<Pair> pairs_;
};

}  // namespace fastlogit
