// The loop: evaluate, penalise, find a step, search along it, check. There is one for all links,
// designs, penalties, engines and directions.
#pragma once

#include "../penalty/penalty.h"
#include "solver.h"

namespace fastlogit {

// columns: p, of the design.
Result maximise(
    Evaluator& rows, Index columns, const Penalty& penalty, const Control& control, Vector start);

}  // namespace fastlogit
