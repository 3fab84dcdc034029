// Starts by way of problems that are easier: with linear predictors damped so far that wide offsets
// are none, and then less and less (Allgower & Georg 1990).
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "maximise.h"

namespace fastlogit {

// The rows with their linear predictors multiplied.
using DampedRows = std::function<std::unique_ptr<Evaluator>(double damping)>;

// The weakest damping, a power of 1 / 4 (1: none), under which `beta` is about as likely as it
// would be without offsets.
inline double sound_damping(const DampedRows& rows, const Vector& beta) {
  constexpr double kNothingIsLeft = 0x1p-80;
  constexpr double kAbout = 2.0;
  const auto loglik = [&](double damping) {
    return rows(damping)->evaluate(beta, Order::value, Curvature::expected).loglik;
  };
  const double least = kAbout * loglik(kNothingIsLeft);
  double damping = 1.0;
  while (damping > kNothingIsLeft && !(loglik(damping) >= least)) damping *= 0.25;
  return damping;
}

struct EasyStart {
  Vector beta;
  std::vector<bool> aliased;  // by weights that have not vanished; empty: that is not known
};

// From `beta`, which is sound with that damping, to where the damping has all but gone.
inline EasyStart undamp(const DampedRows& rows,
                        double damping,
                        Index columns,
                        const Penalty& penalty,
                        const Control& of,
                        EasyStart start) {
  Control control;
  control.maxit = 100;
  control.resolution = 1e-3;
  control.finite = true;
  control.bounded = of.bounded;
  control.fixed = of.fixed;
  for (; damping < 1.0; damping *= 2.0) {
    control.aliased = start.aliased;
    const std::unique_ptr<Evaluator> damped = rows(damping);
    Result stage = Maximiser(*damped, columns, penalty, control).run(start.beta);
    if (stage.status == Status::infeasible) break;
    start.beta = std::move(stage.beta);
    if (start.aliased.empty()) start.aliased = std::move(stage.aliased);
  }
  return start;
}

}  // namespace fastlogit
