#include "gradient.h"

namespace fastlogit {

std::optional<Step> LbfgsDirection::find(Coordinates& coordinates, const Moments& at, double) {
  const Vector score = coordinates.free_part(at.score);
  Vector gamma = pairs_.solve(score, [&](const Vector& v) { return v.cwiseQuotient(scale_); });
  const double gain = 0.5 * gamma.dot(score);
  return Step{std::move(gamma), gain};
}

void LbfgsDirection::update(const Vector& gamma, const Vector& old_score, const Vector& new_score) {
  pairs_.add(gamma, old_score - new_score);
}

}  // namespace fastlogit
