// When to stop, and as what.
#pragma once

#include <algorithm>
#include <cmath>

#include "../penalty/penalty.h"
#include "solver.h"
#include "tuning.h"

namespace fastlogit {

// What there is to know of a step before it is taken.
struct Observation {
  double gain;    // half the squared Newton decrement, what the step promises
  double loglik;  // where it begins
  double weight;  // the working weights' sum, or somewhat less
  double length;  // Euclidean, in the user's units
  bool exact;     // with no part in it of a draft of the information
};

// What becomes of the loop.
enum class Verdict { go_on, converged, stalled, diverging, singular };

// go_on: at the end of the iterations there may be.
Status status_of(Verdict verdict);

// glm() stops when the deviance no longer changes, which leaves the coefficients with half of its
// digits. Here meeting epsilon makes a fit count as converged, and the iterations go on until the
// step itself is lost in rounding, which for Newton's method costs one or two more.
class Termination {
 public:
  Termination(const Control& control, const Penalty& penalty);

  // again: in place of the last one, which came to nothing.
  void observe(const Observation& step, bool again);

  bool met() const { return met_; }

  // The step moves the linear predictors by less than their rounding matters; or it is known that
  // the next one would.
  bool exhausted() const;

  // The gain of a step that just does so.
  double negligible(double weight) const;

  // Rounding hides what is left: small steps no longer shrink.
  bool at_floor() const { return met_ && size_ <= kSmallStep && size_ > 0.5 * previous_size_; }

  // The promised gain vanishes while the coefficients go on by steps of the same length: they
  // follow a direction along which the log-likelihood rises for ever. Near a maximum the
  // steps of Newton's method would shrink quadratically.
  bool diverging() const { return small_ && exact_ && previous_exact_ && steps_do_not_shrink(); }

  // Steps that do not shrink.
  bool steps_do_not_shrink() const { return ratio_ > kPace && previous_ratio_ > kPace; }

 private:
  double epsilon_;
  double smallest_;  // step, as size_
  bool linear_;      // steps shrink by a factor, not quadratically
  bool met_ = false;
  bool small_ = false;
  double length_ = 0.0;
  double previous_length_ = 0.0;
  double size_ = 0.0;  // root mean squared change of a linear predictor
  double previous_size_ = 0.0;
  double ratio_ = 0.0;
  double previous_ratio_ = 0.0;
  bool exact_ = false;
  bool previous_exact_ = false;
};

}  // namespace fastlogit
