// What the loop maximises: the rows' log-likelihood and the penalty, in the coordinates in use.
#pragma once

#include "../penalty/penalty.h"
#include "coordinates.h"
#include "line_search.h"

namespace fastlogit {

// A step, and what is to be known of where it leads.
struct Ascent {
  const Vector& beta;  // where it begins
  const Vector& step;
  double gain;  // what a quadratic model promises
  Curvature curvature;
  Order wanted;
};

class Objective {
 public:
  Objective(Evaluator& rows, const Penalty& penalty, Coordinates& coordinates);

  Moments evaluate(const Vector& beta, Order order, Curvature curvature);

  void penalise(const Vector& beta, Moments& moments);

  // What standard errors are made of.
  Information information(const Vector& beta, Curvature curvature);

  // What a line search raises. Where there is no such value, the squared length of the adjusted
  // score is to fall; half of it has the slope along a step that the value would have.
  double height(const Moments& moments);

  // at: the moments where the step begins.
  Search search(const Ascent& ascent, const Moments& at, double rounding);

  // As much of the step as stays inside the domain, up or down: the way out of such a minimum.
  Search take_full_step(const Ascent& ascent);

  // The steps are Newton's, for the derivative of the score as it is.
  bool is_exact(Curvature curvature) const;

 private:
  Search search(const Ascent& ascent, double height_before, double rounding);

  Evaluator& rows_;
  const Penalty& penalty_;
  Coordinates& coordinates_;
};

}  // namespace fastlogit
