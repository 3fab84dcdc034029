#include "likelihood.h"

#include <utility>

#include "barrier.h"
#include "binary.h"
#include "damped.h"
#include "registry.h"
#include "working.h"

namespace fastlogit {

std::shared_ptr<const Family> make_family(const Likelihood& likelihood) {
  std::shared_ptr<const Family> family;
  if (likelihood.family == kPhaseOne) {
    return std::make_shared<PhaseOne>(likelihood.domain, likelihood.damping);
  } else if (likelihood.family == kLeastSquares) {
    family = std::make_shared<LeastSquares>();
  } else if (likelihood.family == kUserLink) {
    family = std::make_shared<BinaryFamily<UserLink>>(UserLink{{}, likelihood.link});
  } else {
    family = make_family(likelihood.family, likelihood.predictors, likelihood.cuts);
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
