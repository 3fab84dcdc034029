#include "likelihood.h"

#include <utility>

#include "barrier.h"
#include "damped.h"
#include "registry.h"
#include "working.h"

namespace fastlogit {

std::shared_ptr<const Family> make_family(const Likelihood& likelihood) {
  std::shared_ptr<const Family> family;
  if (likelihood.family == kPhaseOne) {
    family = std::make_shared<PhaseOne>();
  } else if (likelihood.family == kLeastSquares) {
    family = std::make_shared<LeastSquares>();
  } else {
    family = make_family(likelihood.family, likelihood.predictors);
  }
  if (likelihood.barrier != 0.0) {
    family = std::make_shared<BarrierFamily>(std::move(family), likelihood.barrier);
  }
  if (likelihood.damping != 1.0) {
    family = std::make_shared<DampedFamily>(std::move(family), likelihood.damping);
  }
  return family;
}

}  // namespace fastlogit
