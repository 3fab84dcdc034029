// Newton-Raphson with the observed information, Fisher scoring with the expected one; and between
// their steps others, for which the last information serves again.
//
// A pass that ends with the score is much cheaper than one with the information of many columns.
// Near the maximum a step with an old information still gains a constant factor, and the more for
// what the steps since then have told of the change (L-BFGS from the old factor). So the order of
// the next pass is the one that promises the cheaper way to the end, and there, in any case, is the
// information once more.
#pragma once

#include <algorithm>
#include <cmath>

#include "direction.h"
#include "secant.h"

namespace fastlogit {

class NewtonDirection final : public Direction {
 public:
  // gradient_cost: of a pass that ends with the score, relative to one with the information.
  explicit NewtonDirection(double gradient_cost) : gradient_cost_(gradient_cost) {}

  Order order() const override { return next_; }

  bool newton() const override { return true; }

  std::optional<Step> find(Coordinates& coordinates,
                           const Moments& at,
                           double negligible) override {
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

  void taken(const Vector& gamma, const Vector& old_score, const Vector& new_score) override {
    pairs_.add(gamma, old_score - new_score);
  }

 private:
  Step updated_step(const Coordinates& coordinates, const Vector& score) const {
    const auto solve = [&](const Vector& v) { return coordinates.newton_step(v).gamma; };
    Vector gamma = pairs_.solve(score, solve);
    const double gain = 0.5 * gamma.dot(score);
    return {std::move(gamma), gain};
  }

  // Which order is to be asked for at the end of a step of that length (the root of its gain), on
  // the way to steps of length `last`. The contraction by steps with an old information goes with
  // how far from the maximum that was.
  void plan(double length, double last, bool renewed) {
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

  // Of the way to steps of length `last` that go on shrinking: the last pass has the information.
  double cost(double length, double contraction, double last) const {
    if (!(contraction < 1.0)) return 1.0 / 0.0;
    const double steps = std::ceil(std::log(last / length) / std::log(contraction));
    return 1.0 + gradient_cost_ * std::max(0.0, steps - 1.0);
  }

  // Steps that shrink by less want another information. Where there is no maximum, the score falls
  // by a factor of e a step.
  static constexpr double kServes = 0.3;

  double gradient_cost_;
  SecantPairs pairs_;
  Order next_ = Order::information;
  double length_ = 0.0;       // of the last step
  double distance_ = 0.0;     // the length of the first step with the information in use
  double contraction_ = 0.1;  // a typical one, until there is another
  int steps_ = 0;             // since then
};

}  // namespace fastlogit
