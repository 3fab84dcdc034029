// Contract: from the moments at a point to the next step. What distinguishes Newton's method from a
// gradient method is here; the loop around it is one (maximise.h).
#pragma once

#include <optional>

#include "coordinates.h"

namespace fastlogit {

class Direction {
 public:
  virtual ~Direction() = default;

  // What the direction wants to know of the next point.
  virtual Order order() const = 0;

  // Where it has found no step: would a draft do?
  virtual bool wants_draft() const { return false; }

  // True when the steps are Newton's.
  virtual bool newton() const = 0;

  // A step that ascends; none when the information is not positive definite, or when the moments
  // have none and the last one does no longer. negligible: the gain of a step that is too small to
  // be taken.
  virtual std::optional<Step> find(Coordinates& coordinates,
                                   const Moments& at,
                                   double negligible) = 0;

  // The step (after halving) has been taken, and the score has changed.
  virtual void update(const Vector& gamma, const Vector& old_score, const Vector& new_score) = 0;

  // The coordinates have changed, or what was learnt leads nowhere. False where there was nothing.
  virtual bool reset() { return false; }
};

}  // namespace fastlogit
