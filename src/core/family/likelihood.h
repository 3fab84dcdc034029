// What the rows are asked for, in words that another process understands, too.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "barrier.h"
#include "registry.h"
#include "squared_scores.h"
#include "tempered.h"
#include "working.h"

namespace fastlogit {

// The family that pushes all linear predictors down, to find a start for a bounded one.
constexpr const char* kDownwards = "downwards";

struct Likelihood {
  std::string family;  // a name of the registry, or kDownwards
  Index predictors = 1;
  double barrier = 0.0;      // its strength; 0: there is none
  bool squared = false;      // the scores' squares instead of the weights
  double temperature = 1.0;  // that linear predictors are divided by
};

inline std::shared_ptr<const Family> make_family(const Likelihood& likelihood) {
  std::shared_ptr<const Family> family;
  if (likelihood.family == kDownwards) {
    family = std::make_shared<Downwards>();
  } else {
    family = make_family(likelihood.family, likelihood.predictors);
  }
  if (likelihood.squared) return std::make_shared<SquaredScores>(std::move(family));
  if (likelihood.barrier != 0.0) {
    return std::make_shared<BarrierFamily>(std::move(family), likelihood.barrier);
  }
  if (likelihood.temperature == 1.0) return family;
  return std::make_shared<TemperedFamily>(std::move(family), likelihood.temperature);
}

}  // namespace fastlogit
