// L-BFGS: first derivatives only, for designs so wide that the information cannot be paid for at
// every step.
#pragma once

#include <utility>

#include "direction.h"
#include "secant.h"

namespace fastlogit {

class LbfgsDirection final : public Direction {
 public:
  // scale: a diagonal approximation of the information, size p q.
  explicit LbfgsDirection(Vector scale) : scale_(std::move(scale)) {}

  Order order() const override { return Order::gradient; }

  bool newton() const override { return false; }

  std::optional<Step> find(Coordinates& coordinates, const Moments& at, double) override;

  void update(const Vector& gamma, const Vector& old_score, const Vector& new_score) override;

 private:
  Vector scale_;
  SecantPairs pairs_;
};

}  // namespace fastlogit
