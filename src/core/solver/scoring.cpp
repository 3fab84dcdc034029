#include "scoring.h"

#include "tuning.h"

namespace fastlogit {

std::optional<Step> ScoringDirection::find(Coordinates& coordinates, const Moments& at, double) {
  if (!coordinates.factorise(at.information)) return std::nullopt;
  const auto times = [&](const Vector& v) {
    return coordinates.free_part(at.information.times(v));
  };
  if (unexplained_) {
    // The information explains what the trapezoidal rule makes of it.
    secants_.back().rest -= 0.5 * (explained_ + times(secants_.back().step));
    unexplained_ = false;
  }
  SecantPairs pairs;
  for (const Secant& secant : secants_) pairs.add(secant.step, times(secant.step) + secant.rest);
  const Vector score = coordinates.free_part(at.score);
  const auto solve = [&](const Vector& v) { return coordinates.newton_step(v).gamma; };
  Vector gamma = pairs.solve(score, solve);
  const double gain = 0.5 * gamma.dot(score);
  direction_ = gamma;
  explained_ = times(gamma);
  return Step{std::move(gamma), gain};
}

void ScoringDirection::update(const Vector& gamma,
                              const Vector& old_score,
                              const Vector& new_score) {
  if (secants_.size() == kScoringMemory) secants_.pop_front();
  secants_.push_back({gamma, old_score - new_score});
  explained_ *= gamma.dot(direction_) / direction_.squaredNorm();  // of the step as it was halved
  unexplained_ = true;
}

bool ScoringDirection::reset() {
  const bool some = !secants_.empty();
  secants_.clear();
  unexplained_ = false;
  return some;
}

}  // namespace fastlogit
