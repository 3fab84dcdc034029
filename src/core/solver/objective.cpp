#include "objective.h"

#include "tuning.h"

namespace fastlogit {

Objective::Objective(Evaluator& rows, const Penalty& penalty, Coordinates& coordinates)
    : rows_(rows), penalty_(penalty), coordinates_(coordinates) {}

Moments Objective::evaluate(const Vector& beta, Order order, Curvature curvature) {
  Moments moments = rows_.total(MomentsSum(beta, order, curvature, rows_.draft().thinning));
  penalise(beta, moments);
  return moments;
}

void Objective::penalise(const Vector& beta, Moments& moments) {
  penalty_.apply(beta, coordinates_.system(), rows_, moments);
  moments.information.seal();
}

Information Objective::information(const Vector& beta, Curvature curvature) {
  if (!penalty_.adjusts_score()) return evaluate(beta, Order::information, curvature).information;
  return rows_.total(MomentsSum(beta, Order::information, curvature)).information;
}

double Objective::height(const Moments& moments) {
  if (penalty_.has_value()) return moments.loglik;
  const bool inside = std::isfinite(moments.loglik) && coordinates_.factorise(moments.information);
  return inside ? -coordinates_.newton_step(moments.score).gain
                : -std::numeric_limits<double>::infinity();
}

Search Objective::search(const Ascent& ascent, const Moments& at, double rounding) {
  Search found = search(ascent, height(at), rounding);
  // The squared length of a score has minima that are no solutions: near them steps shrink.
  if (!penalty_.has_value() && found.halvings > kShrunkHalvings) found.found = false;
  return found;
}

Search Objective::take_full_step(const Ascent& ascent) {
  return search(ascent, std::numeric_limits<double>::lowest(), 0.0);
}

bool Objective::is_exact(Curvature curvature) const {
  return !penalty_.adjusts_score() && (rows_.canonical() || curvature == Curvature::observed);
}

Search Objective::search(const Ascent& ascent, double height_before, double rounding) {
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

}  // namespace fastlogit
