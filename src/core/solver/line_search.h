// Step-halving: the log-likelihood never falls.
#pragma once

#include <cmath>
#include <utility>

#include "../types.h"

namespace fastlogit {

struct Search {
  bool found = false;
  double fraction = 1.0;  // of the full step
  Index halvings = 0;
  Moments moments;  // at the new point, Order as asked for
};

// Armijo's rule (1966) with a slope of 1e-4, but for the rounding in the log-likelihood itself: it sums n terms of
// one sign, so its error is a small multiple of its size. `evaluate(point, order)` returns moments.
template <typename Evaluate>
Search backtrack(const Evaluate& evaluate,
                 const Vector& beta,
                 const Vector& step,
                 double slope,
                 double loglik,
                 Order value_order,
                 Order order) {
  constexpr Index kMostHalvings = 40;
  const double rounding = 1e-13 * std::fabs(loglik);
  Search search;
  // The full step is nearly always taken: everything is asked for at once, which saves a pass.
  search.moments = evaluate(beta + step, order);
  while (!(search.moments.loglik >= loglik + 1e-4 * search.fraction * slope - rounding)) {
    if (search.halvings == kMostHalvings) return search;
    ++search.halvings;
    search.fraction *= 0.5;
    search.moments = evaluate(beta + search.fraction * step, value_order);
  }
  search.found = true;
  if (search.halvings > 0 && value_order != order) {
    search.moments = evaluate(beta + search.fraction * step, order);
  }
  return search;
}

}  // namespace fastlogit
