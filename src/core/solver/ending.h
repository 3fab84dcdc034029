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
         Curvature curvature);

  void describe(Result& result);

  // What counts as converged by steps that are not Newton's. They stop anywhere on a slope that
  // flattens out towards infinity, and where they have become short: Newton's step tells.
  Status judged_by_newton(const Result& result, const Control& control) const;

  // An adjusted score is to vanish. Steps may do so before: at the edge of a link's domain, where
  // the information is without bound, and far out, where scores and information underflow.
  bool score_vanishes() const;

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
