// Where to begin.
#pragma once

#include <cmath>
#include <vector>

#include "continuation.h"
#include "maximise.h"

namespace fastlogit {

// A start is as good as its information: where the log-likelihood is not finite, or so flat that
// the information has all but vanished beside that of a sound point, there is no way on from it.
class StartJudge {
 public:
  StartJudge(Evaluator& rows, const Vector& sound) : rows_(rows), sound_(look_at(sound)) {}

  // vanished: what is left of the information, as a fraction.
  bool accepts(const Vector& beta, double vanished = 1e-8) {
    const Vector here = look_at(beta).diagonal;
    const Vector& there = sound_.diagonal;
    return here.size() > 0 &&
           (there.size() == 0 || (here.array() >= vanished * there.array()).all());
  }

  double sound_loglik() const { return sound_.loglik; }

 private:
  struct Point {
    double loglik;
    Vector diagonal;  // of the information; empty where the log-likelihood is not finite
  };

  Point look_at(const Vector& beta) {
    const Moments at = rows_.evaluate(beta, Order::information, Curvature::expected);
    if (!std::isfinite(at.loglik) || !at.information.allFinite()) return {at.loglik, Vector()};
    return {at.loglik, at.information.diagonal()};
  }

  Evaluator& rows_;
  Point sound_;
};

// A start for all rows that is the estimate of some.
struct SampleStart {
  Vector beta;          // empty: the sample does not tell
  double least_loglik;  // of all rows at beta, or the sample is not like them
};

// How many rows there are for one of a sample: 1 where a sample would cost more than it saves. Its
// estimate is off by about sqrt(k) standard errors, so it saves the steps before that.
inline Index sample_thinning(Index rows, Index size) {
  constexpr Index kThinning = 32;
  constexpr Index kRowsPerCoefficient = 100;
  constexpr Index kFewestRows = 50000;
  const bool enough = rows >= kFewestRows && rows / kThinning >= kRowsPerCoefficient * size;
  return enough ? kThinning : 1;
}

// The estimate of a sample of `rows` rows, one of `thinning` each, to a small part of its standard
// errors. A sample that is separated while the rows are not has coefficients that are far too
// large; there hardly any information is left.
inline SampleStart fit_sample(
    Evaluator& sample, Index columns, Index rows, Index thinning, const Vector& standard) {
  constexpr double kVanished = 0.01;
  constexpr double kFarWorse = 1.1;
  constexpr double kWorthwhile = 5.0;  // a coefficient; chance alone gains half of one
  StartJudge judge(sample, standard);
  Control control;
  control.maxit = 10;
  control.resolution = std::sqrt(0.1 * static_cast<double>(sample.size()) / rows);
  const Result fit = Maximiser(sample, columns, NoPenalty(), control).run(standard);
  const double gain = fit.loglik - judge.sound_loglik();
  const bool worthwhile = gain > kWorthwhile * static_cast<double>(sample.size());
  if (fit.status != Status::converged || !worthwhile || !judge.accepts(fit.beta, kVanished)) {
    return {};
  }
  return {fit.beta, kFarWorse * judge.sound_loglik() * thinning};
}

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

// Pushes all linear predictors down from `beta` until the rows' log-likelihood is finite (the log
// link needs them below zero); `downwards` evaluates Downwards. The less it is damped, the more the
// highest of the linear predictors counts. Empty when the end is never reached.
inline Vector push_down(Evaluator& rows,
                        const DampedRows& downwards,
                        double damping,
                        Index columns,
                        Vector beta,
                        const Control& of) {
  constexpr int kMostPushes = 100;
  constexpr int kMostDoublings = 30;
  Control control;
  control.maxit = 1;
  control.fixed = of.fixed;
  control.aliased = of.aliased;
  for (int doubling = 0; doubling < kMostDoublings; ++doubling, damping *= 2.0) {
    const std::unique_ptr<Evaluator> down = downwards(damping);
    for (int push = 0; push < kMostPushes; ++push) {
      const bool done = is_feasible(rows, beta);
      const Result pushed = Maximiser(*down, columns, NoPenalty(), control).run(beta);
      // One push more, lest a linear predictor is zero but for rounding.
      if (done) return is_feasible(rows, pushed.beta) ? pushed.beta : beta;
      if (pushed.status == Status::infeasible) return Vector();
      beta = pushed.beta;
      if (pushed.status != Status::iteration_limit) break;
    }
  }
  return Vector();
}

}  // namespace fastlogit
