#include "registry.h"

#include "reduced_bias.h"
#include "ridge.h"

namespace fastlogit {

namespace {

struct PenaltyEntry {
  const char* name;
  std::unique_ptr<Penalty> (*make)(const PenaltyInput& input);
};

std::unique_ptr<Penalty> make_no_penalty(const PenaltyInput&) {
  return std::make_unique<NoPenalty>();
}

std::unique_ptr<Penalty> make_ridge(const PenaltyInput& input) {
  return std::make_unique<RidgePenalty>(input.amount / input.unit * input.penalised);
}

std::unique_ptr<Penalty> make_symmetric_ridge(const PenaltyInput& input) {
  return std::make_unique<RidgePenalty>(input.amount / input.unit * input.penalised, true);
}

std::unique_ptr<Penalty> make_jeffreys(const PenaltyInput& input) {
  return std::make_unique<LeveragePenalty>(Adjustment::jeffreys, input.amount / input.unit);
}

std::unique_ptr<Penalty> make_firth(const PenaltyInput& input) {
  const Adjustment kind = input.canonical ? Adjustment::jeffreys : Adjustment::mean;
  return std::make_unique<LeveragePenalty>(kind, 0.5 / input.unit);
}

std::unique_ptr<Penalty> make_median(const PenaltyInput& input) {
  return std::make_unique<MedianPenalty>(0.5 / input.unit);
}

constexpr PenaltyEntry kPenalties[] = {
    {"none", make_no_penalty},
    {"firth", make_firth},
    {"median", make_median},
    {"jeffreys", make_jeffreys},
    {"ridge", make_ridge},
    {"symmetric ridge", make_symmetric_ridge},
};

}  // namespace

std::unique_ptr<Penalty> make_penalty(const std::string& name, const PenaltyInput& input) {
  for (const PenaltyEntry& entry : kPenalties) {
    if (name == entry.name) return entry.make(input);
  }
  return nullptr;
}

std::vector<std::string> penalty_names() {
  std::vector<std::string> names;
  for (const PenaltyEntry& entry : kPenalties) names.emplace_back(entry.name);
  return names;
}

}  // namespace fastlogit
