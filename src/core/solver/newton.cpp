#include "newton.h"

namespace fastlogit {

std::optional<Step> NewtonDirection::find(Coordinates& coordinates,
                                          const Moments& at,
                                          double negligible) {
  const bool renewed = at.information.size() > 0;
  if (renewed) {
    if (!coordinates.factorise(at.information)) return std::nullopt;
    pairs_.clear();
  }
  const Step step = renewed ? coordinates.newton_step(at.score)
                            : updated_step(coordinates, coordinates.free_part(at.score));
  const double length = std::sqrt(step.gain);
  const bool serves = length <= kServes * length_ && step.gain > negligible;
  if (!renewed && !serves) return std::nullopt;
  plan(length, std::sqrt(negligible), renewed);
  return step;
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

void NewtonDirection::plan(double length, double last, bool renewed) {
  ++steps_;
  if (distance_ > 0.0) contraction_ = std::pow(length / distance_, 1.0 / steps_);
  if (renewed) {
    if (distance_ > 0.0) contraction_ *= length / distance_;
    distance_ = length;
    steps_ = 0;
  }
  const double next = contraction_ * length;
  const double after = contraction_ * next / distance_;
  const double keep = cost(length, contraction_, last);
  const double renew = 1.0 + (next <= last ? 0.0 : cost(next, after, last));
  length_ = length;
  next_ = keep < renew ? Order::gradient : Order::information;
}

double NewtonDirection::cost(double length, double contraction, double last) const {
  if (!(contraction < 1.0)) return 1.0 / 0.0;
  const double steps = std::ceil(std::log(last / length) / std::log(contraction));
  return 1.0 + gradient_cost_ * std::max(0.0, steps - 1.0);
}

}  // namespace fastlogit
