// What a result says of the point where the loop has ended, and whether that is an end.
#pragma once

#include <algorithm>
#include <cmath>

#include "../penalty/penalty.h"
#include "coordinates.h"
#include "iterate.h"
#include "objective.h"
#include "solver.h"
#include "tuning.h"

namespace fastlogit {

class Ending {
 public:
  Ending(Evaluator& rows, Coordinates& coordinates, Objective& objective, const Iterate& here);

  void describe(Result& result);

  // What counts as converged by steps that are not Newton's. They stop anywhere on a slope that
  // flattens out towards infinity, and where they have become short: Newton's step tells.
  Status judged_by_newton(const Result& result, const Control& control) const;

  // An adjusted score is to vanish. Steps may do so before: at the edge of a link's domain, where
  // the information is without bound, and far out, where scores and information underflow.
  bool score_vanishes() const;

  // Is a row on the edge of a bounded domain? The estimate is then on that of the parameters, also
  // where the score happens to vanish there.
  bool is_on_edge(const Domain& domain) const;

 private:
  // Empty when the information is not positive definite.
  InformationFactor factor(Curvature wanted);

  Evaluator& rows_;
  Coordinates& coordinates_;
  Objective& objective_;
  const Iterate& here_;
};

}  // namespace fastlogit
