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
// from `beta`. They lead to the maximum wherever it is; if it lies inside, plain Newton steps
// finish the fit. `cut` is what plain steps have come to; its history goes on with a line for each
// barrier that leads further.
Result maximise_from_inside(Evaluator& rows,
                            Index columns,
                            const Penalty& penalty,
                            Control control,
                            const BarrierFit& fit,
                            Vector beta,
                            Result cut);

}  // namespace fastlogit
