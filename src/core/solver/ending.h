// What a result says of the point where the loop has ended, and whether that is an end.
#pragma once

#include <algorithm>
#include <cmath>

#include "../penalty/penalty.h"
#include "coordinates.h"
#include "objective.h"
#include "solver.h"

namespace fastlogit {

class Ending {
 public:
  // curvature: of the information in the moments.
  Ending(Evaluator& rows,
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

  void describe(Result& result) {
    result.beta = beta_;
    result.aliased = coordinates_.aliased();
    result.orthogonalised = coordinates_.orthogonalised();
    result.loglik = at_.loglik - at_.penalty;
    result.penalty = at_.penalty;
    result.expected_factor = factor(Curvature::expected);
    result.certified = at_.score.size() > 0 && !result.expected_factor.empty() &&
                       coordinates_.certify(at_.score);
    result.blurred = coordinates_.blurred();
    result.observed_factor =
        rows_.canonical() ? result.expected_factor : factor(Curvature::observed);
  }

  // What counts as converged by steps that are not Newton's. They stop anywhere on a slope that
  // flattens out towards infinity, and where they have become short: Newton's step tells.
  Status judged_by_newton(const Result& result, const Control& control) const {
    if (result.observed_factor.empty()) return control.finite ? Status::stalled : Status::diverging;
    const Step step = coordinates_.newton_step(at_.score);
    const double length = control.length(coordinates_.to_beta(step.gamma));
    if (!control.finite && length > kFarAway * control.length(beta_)) return Status::diverging;
    const double relative_gain = step.gain / (std::fabs(at_.loglik) + 0.05);
    return relative_gain <= std::max(control.epsilon, kFloor) ? result.status : Status::stalled;
  }

  // An adjusted score is to vanish. Steps may do so before: at the edge of a link's domain, where
  // the information is without bound, and far out, where scores and information underflow.
  bool score_vanishes() const {
    constexpr double kVanished = 1e-6;  // entries of the design are at most 1
    const double largest = coordinates_.free_part(at_.score).cwiseAbs().maxCoeff();
    return largest <= kVanished * (std::fabs(at_.loglik - at_.penalty) + 0.05);
  }

  static constexpr double kFarAway = 0.01;  // of the coefficients' own norm

 private:
  static constexpr double kFloor = 1e-15;  // what doubles can show

  // Empty when the information is not positive definite.
  InformationFactor factor(Curvature wanted) {
    const bool at_hand = at_.information.size() > 0 && (rows_.canonical() || wanted == curvature_);
    const bool definite = at_hand ? coordinates_.factorise(at_.information)
                                  : coordinates_.factorise(objective_.information(beta_, wanted));
    return definite ? coordinates_.factor() : InformationFactor();
  }

  Evaluator& rows_;
  Coordinates& coordinates_;
  Objective& objective_;
  const Vector& beta_;
  const Moments& at_;
  Curvature curvature_;
};

}  // namespace fastlogit
