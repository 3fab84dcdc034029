#include "newton.h"

namespace fastlogit {

std::optional<Step> NewtonDirection::find(Coordinates& coordinates,
                                          const Moments& at,
                                          double negligible) {
  const bool renewed = at.information.size() > 0;
  wants_draft_ = false;
  if (renewed) {
    if (!coordinates.factorise(at.information)) return std::nullopt;
    if (at.draft && coordinates.smallest_pivot_ratio() < kDraftServes) return std::nullopt;
    pairs_.clear();
    of_draft_ = at.draft;
  }
  const Step step = renewed ? coordinates.newton_step(at.score)
                            : updated_step(coordinates, coordinates.free_part(at.score));
  if (!serves(step, at, negligible)) return std::nullopt;
  plan(std::sqrt(step.gain), std::sqrt(negligible), at);
  return step;
}

bool NewtonDirection::serves(const Step& step, const Moments& at, double negligible) {
  const bool exact = at.information.size() > 0 && !at.draft;
  const double length = std::sqrt(step.gain);
  const double enough = of_draft_ ? kDraftShrinks : kServes;
  if (exact || (length <= enough * length_ && step.gain > negligible)) return true;
  const bool early = draft_.exists() && is_early(length, at);
  wants_draft_ = early && at.information.size() == 0;
  return early && at.draft;
}

void NewtonDirection::update(const Vector& gamma,
                             const Vector& old_score,
                             const Vector& new_score) {
  pairs_.add(gamma, old_score - new_score);
}

Step NewtonDirection::updated_step(const Coordinates& coordinates, const Vector& score) const {
  const auto solve = [&](const Vector& v) { return coordinates.newton_step(v).gamma; };
  Vector gamma = pairs_.solve(score, solve);
  const double gain = 0.5 * gamma.dot(score);
  return {std::move(gamma), gain};
}

bool NewtonDirection::is_early(double length, const Moments& at) {
  return length * length > kSmallGain * size_of(at.loglik);
}

void NewtonDirection::plan(double length, double last, const Moments& at) {
  ++steps_;
  if (distance_ > 0.0) contraction_ = std::pow(length / distance_, 1.0 / steps_);
  if (at.information.size() > 0) {
    if (distance_ > 0.0) contraction_ *= length / distance_;
    if (at.draft) contraction_ = std::max(contraction_, draft_.contraction);
    distance_ = length;
    steps_ = 0;
  }
  const double next = contraction_ * length;
  const double after = contraction_ * next / distance_;
  const double keep = cost(length, contraction_, last);
  length_ = length;
  if (!draft_.exists()) {
    const double renew = 1.0 + (next <= last ? 0.0 : cost(next, after, last));
    next_ = keep < renew ? Order::gradient : Order::information;
    return;
  }
  // A score costs little, and says whether the last pass is due.
  next_ = next > length * kServes && is_early(length, at) ? Order::draft : Order::gradient;
  if (next <= kSurely * last) next_ = Order::information;
}

double NewtonDirection::cost(double length, double contraction, double last) const {
  if (!(contraction < 1.0)) return 1.0 / 0.0;
  const double steps = std::ceil(std::log(last / length) / std::log(contraction));
  return 1.0 + gradient_cost_ * std::max(0.0, steps - 1.0);
}

}  // namespace fastlogit
