#include "ending.h"

#include <utility>

#include "../sums/range.h"
#include "tuning.h"

namespace fastlogit {

Ending::Ending(Evaluator& rows, Coordinates& coordinates, Objective& objective, const Iterate& here)
    : rows_(rows), coordinates_(coordinates), objective_(objective), here_(here) {
  coordinates_.regularise(false);
}

void Ending::describe(Result& result) {
  result.beta = here_.beta;
  result.aliased = coordinates_.aliased();
  result.orthogonalised = coordinates_.orthogonalised();
  result.loglik = here_.at.loglik - here_.at.penalty;
  result.penalty = here_.at.penalty;
  result.expected_factor = factor(Curvature::expected);
  result.certified = here_.at.score.size() > 0 && !result.expected_factor.empty() &&
                     coordinates_.certify(here_.at.score, here_.beta);
  result.ill_conditioned = coordinates_.ill_conditioned();
  result.observed_factor = rows_.canonical() ? result.expected_factor : factor(Curvature::observed);
}

Status Ending::judged_by_newton(const Result& result, const Control& control) const {
  if (result.observed_factor.empty())
    return control.conditions.has_maximum ? Status::stalled : Status::diverging;
  const Step step = coordinates_.newton_step(here_.at.score);
  const double length = control.conditions.length(coordinates_.to_beta(step.gamma));
  if (!control.conditions.has_maximum && length > kFarAway * control.conditions.length(here_.beta))
    return Status::diverging;
  const double relative_gain = step.gain / size_of(here_.at.loglik);
  return relative_gain <= std::max(control.options.epsilon, kFloor) ? result.status
                                                                    : Status::stalled;
}

InformationFactor Ending::factor(Curvature wanted) {
  const Information& known = here_.at.information;
  const bool at_hand =
      known.size() > 0 && !here_.at.draft && (rows_.canonical() || wanted == here_.curvature);
  const bool definite = at_hand
                            ? coordinates_.factorise(known)
                            : coordinates_.factorise(objective_.information(here_.beta, wanted));
  return definite ? coordinates_.factor() : InformationFactor();
}

bool Ending::score_vanishes() const {
  const double largest = coordinates_.free_part(here_.at.score).cwiseAbs().maxCoeff();
  return largest <= kScoreVanished * size_of(here_.at.loglik - here_.at.penalty);
}

bool Ending::is_on_edge(const Domain& domain) const {
  const std::pair<double, double> range = rows_.total(RangeSum(here_.beta));
  return range.first - domain.lower < kAtEdge || domain.upper - range.second < kAtEdge;
}

}  // namespace fastlogit
