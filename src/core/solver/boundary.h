// Maxima on the edge of a link's domain: the barrier method (Boyd & Vandenberghe 2004,
// section 11.3).
#pragma once

#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include "maximise.h"

namespace fastlogit {

// The rows with a barrier of a given strength.
using BarrierFit = std::function<Result(double strength, const Vector& start)>;

// What to do when steps keep being cut at the edge: follow the maxima of weaker and weaker barriers
// from `start`. They lead to the maximum wherever it is; if it lies inside, plain Newton steps
// finish the fit. The history goes on with a line for each barrier.
inline Result maximise_from_inside(Evaluator& rows,
                                   Index columns,
                                   const Penalty& penalty,
                                   Control control,
                                   const BarrierFit& fit,
                                   Vector beta,
                                   std::vector<Iteration> history) {
  constexpr double kWeakest = 1e-10;  // the log-likelihood is that close, for each row at the edge
  for (double strength = 0.1; strength >= kWeakest; strength /= 10.0) {
    const Result inside = fit(strength, beta);
    const double loglik = rows.evaluate(inside.beta, Order::value, Curvature::expected).loglik;
    if (!std::isfinite(loglik)) break;
    Index halvings = 0;
    for (const Iteration& iteration : inside.history) halvings += iteration.halvings;
    const Vector change = inside.beta - beta;
    beta = inside.beta;
    const Index number = static_cast<Index>(history.size()) + 1;
    const double decrement = inside.history.empty() ? 0.0 : inside.history.back().decrement;
    history.push_back({number, loglik, change.norm(), halvings, decrement});
    control.trace(history.back());
  }
  Result result = Maximiser(rows, columns, penalty, control).run(beta);
  if (result.status != Status::converged || result.cut) {
    control.maxit = 0;
    result = Maximiser(rows, columns, penalty, control).run(beta);
    result.status = Status::boundary;
  }
  for (Iteration& iteration : result.history) {
    iteration.iteration = static_cast<Index>(history.size()) + 1;
    history.push_back(iteration);
  }
  result.history = std::move(history);
  return result;
}

}  // namespace fastlogit
