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
double sound_damping(const DampedRows& rows, const Vector& beta);

struct EasyStart {
  Vector beta;
  std::vector<bool> aliased;  // by weights that have not vanished; empty: that is not known
};

// From `beta`, which is sound with that damping, to where the damping has all but gone.
EasyStart undamp(const DampedRows& rows,
                 double damping,
                 Index columns,
                 const Penalty& penalty,
                 const Control& of,
                 EasyStart start);

}  // namespace fastlogit
