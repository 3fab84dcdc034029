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
  Objective(Evaluator& rows, const Penalty& penalty, Coordinates& coordinates)
      : rows_(rows), penalty_(penalty), coordinates_(coordinates) {}

  Moments evaluate(const Vector& beta, Order order, Curvature curvature) {
    Moments moments = rows_.evaluate(beta, order, curvature);
    penalise(beta, moments);
    return moments;
  }

  void penalise(const Vector& beta, Moments& moments) {
    penalty_.apply(beta, coordinates_.chart(), rows_, moments);
  }

  // What standard errors are made of.
  Information information(const Vector& beta, Curvature curvature) {
    if (!penalty_.adjusts_score()) return evaluate(beta, Order::information, curvature).information;
    return rows_.evaluate(beta, Order::information, curvature).information;
  }

  // What a line search raises. Where there is no such value, the squared length of the adjusted
  // score is to fall; half of it has the slope along a step that the value would have.
  double height(const Moments& moments) {
    if (penalty_.has_value()) return moments.loglik;
    const bool inside =
        std::isfinite(moments.loglik) && coordinates_.factorise(moments.information);
    return inside ? -coordinates_.newton_step(moments.score).gain
                  : -std::numeric_limits<double>::infinity();
  }

  // at: the moments where the step begins.
  Search search(const Ascent& ascent, const Moments& at, double rounding) {
    Search found = search(ascent, height(at), rounding);
    // The squared length of a score has minima that are no solutions: near them steps shrink.
    constexpr Index kShrunk = 10;
    if (!penalty_.has_value() && found.halvings > kShrunk) found.found = false;
    return found;
  }

  // As much of the step as stays inside the domain, up or down: the way out of such a minimum.
  Search leap(const Ascent& ascent) {
    return search(ascent, std::numeric_limits<double>::lowest(), 0.0);
  }

  // The steps are Newton's, for the derivative of the score as it is.
  bool is_exact(Curvature curvature) const {
    return !penalty_.adjusts_score() && (rows_.canonical() || curvature == Curvature::observed);
  }

 private:
  Search search(const Ascent& ascent, double height_before, double rounding) {
    const auto along = [&](double fraction, Order order, Moments& moments) {
      moments = evaluate(ascent.beta + fraction * ascent.step, order, ascent.curvature);
      return height(moments);
    };
    return LineSearch(along,
                      height_before,
                      rounding,
                      2.0 * ascent.gain,
                      penalty_.line_search_order(),
                      ascent.wanted)
        .run();
  }

  Evaluator& rows_;
  const Penalty& penalty_;
  Coordinates& coordinates_;
};

}  // namespace fastlogit
