#include "continuation.h"

namespace fastlogit {

double sound_damping(const DampedRows& rows, const Vector& beta) {
  constexpr double kNothingIsLeft = 0x1p-80;
  constexpr double kAbout = 2.0;
  const auto loglik = [&](double damping) {
    return rows(damping)->total(MomentsSum(beta, Order::value, Curvature::expected)).loglik;
  };
  const double least = kAbout * loglik(kNothingIsLeft);
  double damping = 1.0;
  while (damping > kNothingIsLeft && !(loglik(damping) >= least)) damping *= 0.25;
  return damping;
}

EasyStart undamp(const DampedRows& rows,
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
    Result stage = maximise(*damped, columns, penalty, control, start.beta);
    if (stage.status == Status::infeasible) break;
    start.beta = std::move(stage.beta);
    if (start.aliased.empty()) start.aliased = std::move(stage.aliased);
  }
  return start;
}

}  // namespace fastlogit
