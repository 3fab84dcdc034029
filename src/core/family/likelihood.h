// What the rows are asked for, in words that another process understands, too.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "barrier.h"
#include "damped.h"
#include "registry.h"
#include "squared_scores.h"
#include "working.h"

namespace fastlogit {

// The family that pushes all linear predictors down, to find a start for a bounded one.
constexpr const char* kDownwards = "downwards";

struct Likelihood {
  std::string family;  // a name of the registry, or kDownwards
  Index predictors = 1;
  double barrier = 0.0;  // its strength; 0: there is none
  double damping = 1.0;  // of the linear predictors
  bool squared = false;  // the scores' squares instead of the weights
};

inline std::shared_ptr<const Family> make_family(const Likelihood& likelihood) {
  std::shared_ptr<const Family> family;
  if (likelihood.family == kDownwards) {
    family = std::make_shared<Downwards>();
  } else {
    family = make_family(likelihood.family, likelihood.predictors);
  }
  if (likelihood.barrier != 0.0) {
    family = std::make_shared<BarrierFamily>(std::move(family), likelihood.barrier);
  }
  if (likelihood.damping != 1.0) {
    family = std::make_shared<DampedFamily>(std::move(family), likelihood.damping);
  }
  if (likelihood.squared) family = std::make_shared<SquaredScores>(std::move(family));
  return family;
}

}  // namespace fastlogit
