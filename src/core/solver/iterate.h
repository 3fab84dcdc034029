// Where the loop is, and the step that it takes from there.
#pragma once

#include "../types.h"
#include "direction.h"

namespace fastlogit {

// The coefficients, and what rows and penalty say there.
struct Iterate {
  Vector beta;
  Moments at;
  Curvature curvature = Curvature::expected;  // of the information in the moments

  // Not where the last step has been judged by the score alone, or with a draft.
  bool has_information() const { return at.information.size() > 0 && !at.draft; }
};

// A step before the line search.
struct Proposal {
  Step step;      // in the coordinates of the moments
  Vector change;  // the same, of the coefficients
  double length;  // of that, in the user's units
};

}  // namespace fastlogit
