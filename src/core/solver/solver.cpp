#include "solver.h"

namespace fastlogit {

double Conditions::length(const Vector& step) const {
  if (unit.size() == 0) return step.norm();
  return unit.replicate(step.size() / unit.size(), 1).cwiseProduct(step).norm();
}

}  // namespace fastlogit
