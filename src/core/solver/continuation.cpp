#include "continuation.h"

#include "tuning.h"

namespace fastlogit {

double sound_damping(const DampedRows& rows, const Vector& beta) {
  const auto loglik = [&](double damping) {
    return rows(damping)->total(MomentsSum(beta, Order::value, Curvature::expected)).loglik;
  };
  const double least = kAboutAsLikely * loglik(kStrongestDamping);
  double damping = 1.0;
  while (damping > kStrongestDamping && !(loglik(damping) >= least)) damping *= 0.25;
  return damping;
}

EasyStart undamp(const DampedRows& rows,
                 double damping,
                 Index columns,
                 const Penalty& penalty,
                 const Control& of,
                 EasyStart start) {
  Control control;
  control.options.maxit = 100;
  control.conditions.resolution = kStageDigits;
  control.conditions.has_maximum = true;
  control.conditions.domain = of.conditions.domain;
  control.conditions.fixed = of.conditions.fixed;
  for (; damping < 1.0; damping *= 2.0) {
    control.conditions.aliased = start.aliased;
    const std::unique_ptr<Evaluator> damped = rows(damping);
    Result stage = maximise(*damped, columns, penalty, control, start.beta);
    if (stage.status == Status::infeasible) break;
    start.beta = std::move(stage.beta);
    if (start.aliased.empty()) start.aliased = std::move(stage.aliased);
  }
  return start;
}

}  // namespace fastlogit
