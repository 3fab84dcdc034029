// Where to begin.
#pragma once

#include <cmath>

#include "maximise.h"

namespace fastlogit {

// A start is as good as its information: where the log-likelihood is not finite, or so flat that
// the information has all but vanished beside that of a sound point, there is no way on from it.
class StartJudge {
 public:
  StartJudge(Evaluator& rows, const Vector& sound) : rows_(rows), sound_(diagonal(sound)) {}

  bool accepts(const Vector& beta) {
    constexpr double kVanished = 1e-8;
    const Vector here = diagonal(beta);
    return here.size() > 0 &&
           (sound_.size() == 0 || (here.array() >= kVanished * sound_.array()).all());
  }

 private:
  // Empty where the log-likelihood is not finite.
  Vector diagonal(const Vector& beta) {
    const Moments at = rows_.evaluate(beta, Order::information, Curvature::expected);
    if (!std::isfinite(at.loglik) || !at.information.allFinite()) return Vector();
    return at.information.diagonal();
  }

  Evaluator& rows_;
  Vector sound_;
};

inline bool is_feasible(Evaluator& rows, const Vector& beta) {
  return std::isfinite(rows.evaluate(beta, Order::value, Curvature::expected).loglik);
}

// The coefficients whose linear predictors are closest to a target; `target` evaluates
// LeastSquares.
inline Vector project(Evaluator& target, Index columns) {
  Control control;
  control.maxit = 2;
  return Maximiser(target, columns, NoPenalty(), control).run(Vector::Zero(target.size())).beta;
}

// Pushes all linear predictors down until the rows' log-likelihood is finite (the log link needs
// them below zero); `downwards` evaluates Downwards. Empty when that is never reached.
inline Vector push_down(Evaluator& rows, Evaluator& downwards, Index columns) {
  constexpr int kMostPushes = 100;
  Control control;
  control.maxit = 1;
  Vector beta = Vector::Zero(rows.size());
  for (int push = 0; push < kMostPushes; ++push) {
    if (is_feasible(rows, beta)) return beta;
    beta = Maximiser(downwards, columns, NoPenalty(), control).run(beta).beta;
  }
  return Vector();
}

}  // namespace fastlogit
