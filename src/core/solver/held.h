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
  HeldFits(Control control, HeldWays ways, bool unimodal)
      : control_(std::move(control)), ways_(std::move(ways)), unimodal_(unimodal) {}

  bool unimodal() const { return unimodal_; }

  // Some coefficients are held where they start.
  Held fit(const Vector& start, const std::vector<Index>& held) const {
    Control control = control_;
    for (const Index j : held) control.fixed[j] = true;
    Held best = as_held(ways_.from(control, start));
    if (best.sure && unimodal_ && !best.on_edge) return best;
    const Vector plain = only_held(start, control);
    best = better_of(std::move(best), as_held(ways_.continued(control, plain)));
    if (best.sure && unimodal_) return best;
    return better_of(std::move(best), as_held(ways_.from(control, plain)));
  }

 private:
  static Vector only_held(const Vector& start, const Control& control) {
    Vector beta = start;
    for (Index j = 0; j < beta.size(); ++j) {
      if (!control.fixed[j]) beta[j] = 0.0;
    }
    return beta;
  }

  static Held as_held(Result result) {
    if (result.status == Status::infeasible) return {};
    const bool sure = result.status == Status::converged || result.status == Status::boundary;
    const double loglik = result.loglik + result.penalty;
    return {true, std::move(result.beta), loglik, sure, result.status == Status::boundary};
  }

  // The higher; where both are as high, the one that has converged.
  static Held better_of(Held a, Held b) {
    constexpr double kSame = 1e-9;
    if (!a.found || !b.found) return a.found ? a : b;
    const bool same = std::fabs(a.loglik - b.loglik) <= kSame * (1.0 + std::fabs(a.loglik));
    if (same && a.sure != b.sure) return a.sure ? a : b;
    return b.loglik > a.loglik ? b : a;
  }

  Control control_;
  HeldWays ways_;
  bool unimodal_;
};

}  // namespace fastlogit
