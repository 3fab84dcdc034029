// Fisher scoring for adjusted scores, with what the last steps have told of the rest.
//
// The information is not the derivative of an adjusted score: it leaves out how leverages change,
// and for links that are not canonical what the residuals contribute. With it alone steps shrink by
// a constant factor. So the rest is learnt from the steps, as quasi-Newton methods learn all of the
// derivative (structured secant methods; Dennis & Schnabel 1983, section 10.3).
#pragma once

#include <deque>
#include <utility>

#include "direction.h"
#include "secant.h"
#include "tuning.h"

namespace fastlogit {

class ScoringDirection final : public Direction {
 public:
  Order order() const override { return Order::information; }

  bool newton() const override { return true; }

  std::optional<Step> find(Coordinates& coordinates, const Moments& at, double) override;

  void update(const Vector& gamma, const Vector& old_score, const Vector& new_score) override;

  bool reset() override;

 private:
  // A step, and by how much more than the information says the score has fallen.
  struct Secant {
    Vector step;
    Vector rest;
  };

  std::deque<Secant> secants_;
  bool unexplained_ = false;  // the last secant still has what the information explains
  Vector direction_;          // the last full step
  Vector explained_;          // the information where it began, times the step
};

}  // namespace fastlogit
