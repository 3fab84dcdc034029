// Step-halving: the log-likelihood never falls.
#pragma once

#include <cmath>
#include <utility>

#include "../types.h"
#include "tuning.h"

namespace fastlogit {

struct Search {
  bool found = false;
  bool cut = false;       // a longer step would have left the domain of the link
  double fraction = 1.0;  // of the full step
  Index halvings = 0;
  double height = 0.0;  // of the new point
  Moments moments;      // there, Order as asked for
};

// evaluate(fraction, order, moments): fills the moments that far along the step, with a
// log-likelihood of -Inf or NaN outside the domain, and returns the height there: the
// log-likelihood, or what is to rise in its place. slope: its derivative along the step. values:
// the order that gives it; wanted: the order of the moments to return.
template <typename Evaluate>
class LineSearch {
 public:
  // rounding: by how much the height may seem to fall although it rises.
  LineSearch(const Evaluate& evaluate,
             double height,
             double rounding,
             double slope,
             Order values,
             Order wanted)
      : evaluate_(evaluate),
        height_(height),
        rounding_(rounding),
        slope_(slope),
        values_(values),
        wanted_(wanted) {}

  Search run() {
    // The full step is nearly always taken: everything is asked for at once, which saves a pass.
    try_fraction(1.0, wanted_);
    while (!acceptable()) {
      if (search_.halvings++ == kMostHalvings) return std::move(search_);
      search_.cut = search_.cut || !std::isfinite(search_.moments.loglik);
      try_fraction(0.5 * search_.fraction, values_);
    }
    search_.found = true;
    if (search_.halvings > 0 && values_ != wanted_) try_fraction(search_.fraction, wanted_);
    return std::move(search_);
  }

 private:
  // Armijo's rule (1966).
  bool acceptable() const {
    return search_.height >= height_ + kArmijo * search_.fraction * slope_ - rounding_;
  }

  void try_fraction(double fraction, Order order) {
    search_.fraction = fraction;
    search_.height = evaluate_(fraction, order, search_.moments);
  }

  const Evaluate& evaluate_;
  double height_;
  double rounding_;
  double slope_;
  Order values_;
  Order wanted_;
  Search search_;
};

}  // namespace fastlogit
