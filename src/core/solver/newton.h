// Newton-Raphson with the observed information, Fisher scoring with the expected one.
#pragma once

#include "direction.h"

namespace fastlogit {

class NewtonDirection final : public Direction {
 public:
  Order order() const override { return Order::information; }

  bool newton() const override { return true; }

  std::optional<Step> find(Coordinates& coordinates, const Moments& at) override {
    if (!coordinates.factorise(at.information)) return std::nullopt;
    return coordinates.newton_step(at.score);
  }

  void taken(const Vector&, const Vector&, const Vector&) override {}
};

}  // namespace fastlogit
