#include "ending.h"

namespace fastlogit {

Ending::Ending(Evaluator& rows,
               Coordinates& coordinates,
               Objective& objective,
               const Vector& beta,
               const Moments& at,
               Curvature curvature)
    : rows_(rows),
      coordinates_(coordinates),
      objective_(objective),
      beta_(beta),
      at_(at),
      curvature_(curvature) {
  coordinates_.soften(false);
}

void Ending::describe(Result& result) {
  result.beta = beta_;
  result.aliased = coordinates_.aliased();
  result.orthogonalised = coordinates_.orthogonalised();
  result.loglik = at_.loglik - at_.penalty;
  result.penalty = at_.penalty;
  result.expected_factor = factor(Curvature::expected);
  result.certified =
      at_.score.size() > 0 && !result.expected_factor.empty() && coordinates_.certify(at_.score);
  result.blurred = coordinates_.blurred();
  result.observed_factor = rows_.canonical() ? result.expected_factor : factor(Curvature::observed);
}

Status Ending::judged_by_newton(const Result& result, const Control& control) const {
  if (result.observed_factor.empty()) return control.finite ? Status::stalled : Status::diverging;
  const Step step = coordinates_.newton_step(at_.score);
  const double length = control.length(coordinates_.to_beta(step.gamma));
  if (!control.finite && length > kFarAway * control.length(beta_)) return Status::diverging;
  const double relative_gain = step.gain / (std::fabs(at_.loglik) + 0.05);
  return relative_gain <= std::max(control.epsilon, kFloor) ? result.status : Status::stalled;
}

bool Ending::score_vanishes() const {
  constexpr double kVanished = 1e-6;  // entries of the design are at most 1
  const double largest = coordinates_.free_part(at_.score).cwiseAbs().maxCoeff();
  return largest <= kVanished * (std::fabs(at_.loglik - at_.penalty) + 0.05);
}

}  // namespace fastlogit
