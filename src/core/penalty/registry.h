// The penalties by name. A new one is a header, a line in registry.cpp, and a constructor
// in R/penalty.R.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "penalty.h"

namespace fastlogit {

// In the units of the moments: of columns that are divided by powers of two, and weights divided by
// another one.
struct PenaltyInput {
  double amount;     // of ridge the multiplier, of Jeffreys' the power
  Vector penalised;  // of each column: 1, or 0 where it is not; in other units its square
  double unit;       // of the weights
  bool canonical;    // the expected information is the observed one
};

// Null for a name that is not registered.
std::unique_ptr<Penalty> make_penalty(const std::string& name, const PenaltyInput& input);

std::vector<std::string> penalty_names();

}  // namespace fastlogit
