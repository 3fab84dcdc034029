// What the loop maximises: the rows' log-likelihood and the penalty, in the coordinates in use.
#pragma once

#include "../penalty/penalty.h"
#include "coordinates.h"

namespace fastlogit {

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

  // The steps are Newton's, for the derivative of the score as it is.
  bool is_exact(Curvature curvature) const {
    return !penalty_.adjusts_score() && (rows_.canonical() || curvature == Curvature::observed);
  }

 private:
  Evaluator& rows_;
  const Penalty& penalty_;
  Coordinates& coordinates_;
};

}  // namespace fastlogit
