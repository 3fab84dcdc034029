// The root of a function that rises from a known negative value at 0, nearly along a line.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "tuning.h"

namespace fastlogit {

// By secants, halving the bracket where they do not get on, and doubling the distance as long as
// there is none.
class RisingRoot {
 public:
  // guess: where the root should be; far: from where on it counts that the function is flat.
  RisingRoot(double at_zero, double guess, double far);

  // evaluate(x): the function, NaN where it is not defined. Inf where it stays below zero however
  // far out; where its domain ends below zero, the end of the domain (at_edge()).
  template <typename Evaluate>
  double find(const Evaluate& evaluate) {
    double x = guess_;
    for (int i = 0; i < kRootSteps; ++i) {
      const Point here{x, evaluate(x)};
      if (std::isnan(here.value)) {
        reach_ = x;
        at_edge_ = reach_ - low_.x <= kRootNarrow * reach_;
        if (at_edge_) return low_.x;
        x = 0.5 * (low_.x + reach_);
        continue;
      }
      if (std::fabs(here.value) <= kRootClose * scale_) return polished(here);
      if (is_flat(here)) return kInfinity;
      (here.value > 0.0 ? high_ : low_) = here;
      if (high_.x < kInfinity && high_.x - low_.x <= kRootNarrow * high_.x) return low_.x;
      x = next(here);
      before_ = here;
    }
    return x;
  }

  bool at_edge() const { return at_edge_; }

 private:
  struct Point {
    double x;
    double value;
  };

  double secant(const Point& here) const;

  double polished(const Point& here) const;

  // Twice in a row no higher at twice the distance.
  bool is_flat(const Point& here);

  double next(const Point& here);

  static constexpr double kInfinity = std::numeric_limits<double>::infinity();

  double scale_;
  Point low_;
  Point high_{kInfinity, kInfinity};
  Point before_;
  double guess_;
  double far_;
  double reach_ = kInfinity;  // there, it is not defined
  double width_ = kInfinity;  // of the bracket, when it was last halved
  int slow_ = 0;              // secants since then
  int flat_ = 0;
  bool at_edge_ = false;
};

}  // namespace fastlogit
