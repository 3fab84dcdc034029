// Contract: from the moments at a point to the next step. What distinguishes Newton's method from a
// gradient method is here; the loop around it is one (maximise.h).
#pragma once

#include <optional>

#include "coordinates.h"

namespace fastlogit {

class Direction {
 public:
  virtual ~Direction() = default;

  // What the direction needs to know of a point.
  virtual Order order() const = 0;

  // True when the steps are Newton's.
  virtual bool newton() const = 0;

  // A step that ascends; none when the information is not positive definite.
  virtual std::optional<Step> find(Coordinates& coordinates, const Moments& at) = 0;

  // The step (after halving) has been taken, and the score has changed.
  virtual void taken(const Vector& gamma, const Vector& old_score, const Vector& new_score) = 0;
};

}  // namespace fastlogit
