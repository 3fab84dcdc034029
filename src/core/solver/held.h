// Fits with some coefficients held: the one routine behind tests that coefficients are zero, points
// of profiles, and the ends of intervals.
//
// A fit counts where it has converged. From a start on the way of a profile it nearly always does;
// where it does not, or where there may be several maxima, others are tried.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "solver.h"

namespace fastlogit {

struct Held {
  bool found = false;  // false where the log-likelihood is not finite
  Vector beta;
  double loglik = -std::numeric_limits<double>::infinity();  // penalised
  bool sure = false;                                         // has it converged?
  bool on_edge = false;                                      // of the link's domain
};

// The ways to a maximum: from a start, and from zero by way of easier problems (`start` is zero but
// for what is fixed).
struct HeldWays {
  std::function<Result(const Control& control, const Vector& start)> from;
  std::function<Result(const Control& control, const Vector& start)> continued;
};

class HeldFits {
 public:
  // control: `fixed` has every coefficient; those that are true are held in all fits.
  HeldFits(Control control, HeldWays ways, bool unimodal);

  bool unimodal() const { return unimodal_; }

  // Some coefficients are held where they start.
  Held fit(const Vector& start, const std::vector<Index>& held) const;

 private:
  static Vector only_held(const Vector& start, const Control& control);

  static Held as_held(Result result);

  // The higher; where both are as high, the one that has converged.
  static Held better_of(Held a, Held b);

  Control control_;
  HeldWays ways_;
  bool unimodal_;
};

}  // namespace fastlogit
