// The penalties by name. A new one is a header, a line here, and a constructor in R/penalty.R.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "penalty.h"
#include "reduced_bias.h"
#include "ridge.h"

namespace fastlogit {

// In the units of the moments: of columns that are divided by powers of two, and weights divided by
// another one.
struct PenaltyInput {
  double amount;     // of ridge the multiplier, of Jeffreys' the power
  Vector penalised;  // of each column: 1, or 0 where it is not; in other units its square
  double unit;       // of the weights
  bool canonical;    // the expected information is the observed one
};

struct PenaltyEntry {
  const char* name;
  std::unique_ptr<Penalty> (*make)(const PenaltyInput& input);
};

inline std::unique_ptr<Penalty> make_no_penalty(const PenaltyInput&) {
  return std::make_unique<NoPenalty>();
}

inline std::unique_ptr<Penalty> make_ridge(const PenaltyInput& input) {
  return std::make_unique<RidgePenalty>(input.amount / input.unit * input.penalised);
}

inline std::unique_ptr<Penalty> make_jeffreys(const PenaltyInput& input) {
  return std::make_unique<LeveragePenalty>(Adjustment::jeffreys, input.amount / input.unit);
}

inline std::unique_ptr<Penalty> make_firth(const PenaltyInput& input) {
  const Adjustment kind = input.canonical ? Adjustment::jeffreys : Adjustment::mean;
  return std::make_unique<LeveragePenalty>(kind, 0.5 / input.unit);
}

inline std::unique_ptr<Penalty> make_median(const PenaltyInput& input) {
  return std::make_unique<MedianPenalty>(0.5 / input.unit);
}

constexpr PenaltyEntry kPenalties[] = {
    {"none", make_no_penalty},
    {"firth", make_firth},
    {"median", make_median},
    {"jeffreys", make_jeffreys},
    {"ridge", make_ridge},
};

// Null for a name that is not registered.
inline std::unique_ptr<Penalty> make_penalty(const std::string& name, const PenaltyInput& input) {
  for (const PenaltyEntry& entry : kPenalties) {
    if (name == entry.name) return entry.make(input);
  }
  return nullptr;
}

inline std::vector<std::string> penalty_names() {
  std::vector<std::string> names;
  for (const PenaltyEntry& entry : kPenalties) names.emplace_back(entry.name);
  return names;
}

}  // namespace fastlogit
