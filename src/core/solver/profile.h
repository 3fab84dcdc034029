// Single points of the profile of a coefficient, and its ends where iterations along the trace are
// lost: each point is then a fit of its own with the coefficient held.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "held.h"
#include "profile_trace.h"
#include "rising_root.h"
#include "tuning.h"

namespace fastlogit {

// The root of twice the fall below a height.
double root_of_fall(double height, double loglik);

// The end of an interval on one side: where the root of the fall of the profile below a height is a
// quantile.
class EndByFits {
 public:
  EndByFits(const HeldFits& fits, Index coefficient, double height, double quantile);

  // The distance from `start`, on a side (1, -1). start: a point of the profile whose root is below
  // the quantile; tangent: how all coefficients follow there. NaN where the fit at the end is in
  // doubt.
  double find(const Vector& start, const Vector& tangent, double side, RisingRoot search);

  const Higher& higher() const { return higher_; }

 private:
  // The root at a value, less the quantile.
  double fall(double value, const Vector& tangent);

  const HeldFits& fits_;
  Index j_;
  double height_;
  double quantile_;
  Vector near_;
  Vector before_;
  bool sure_ = false;
  Higher higher_;
};

// The end on a side (1, -1), as a value of the coefficient, of a profile that only comes close to
// its least upper bound, `height`, as the coefficient goes to infinity on the other side. NaN where
// it is in doubt.
double end_of_limit(const HeldFits& fits,
                    Vector start,
                    Index coefficient,
                    double side,
                    double height,
                    double quantile);

class Profile {
 public:
  Profile(Evaluator& rows, const ProfileTrace& trace, const HeldFits& fits);

  // The points at k steps of the coefficient, k = 1, 2, ..., at most `most` of them, as far as the
  // first whose root is not below the quantile. step: negative to go down.
  std::vector<Held> grid(double step, double quantile, Index most);

  // The distance of the end on a side (1, -1), where twice the log-likelihood has fallen by the
  // square of `quantile`; Inf where it does not fall so far, NaN where that is in doubt.
  double end(double side, double quantile);

  // Does no other maximum reach higher, at this distance on a side?
  bool is_end(double side, double distance, double quantile);

  Held maximise(const Vector& start);

  const Higher& higher() const { return higher_; }

 private:
  Held hold(const Vector& start);

  Evaluator& rows_;
  const ProfileTrace& trace_;
  const Maximum& maximum_;
  Index j_;
  const HeldFits& fits_;
  Higher higher_;
};

}  // namespace fastlogit
