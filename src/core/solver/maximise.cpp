#include "maximise.h"

#include <cmath>
#include <utility>

#include "ending.h"
#include "maximiser.h"
#include "tuning.h"

namespace fastlogit {

Result Maximiser::run(Vector beta) {
  if (!begin(std::move(beta))) {
    result_.beta = here_.beta;
    result_.status = Status::infeasible;
    return std::move(result_);
  }
  choose_direction();
  iterate();
  return finish();
}

void Maximiser::iterate() {
  const Index maxit = control_.options.maxit;
  Verdict verdict = Verdict::go_on;
  for (Index iteration = 1; iteration <= maxit && verdict == Verdict::go_on; ++iteration) {
    verdict = iterate_once(iteration);
  }
  if (verdict == Verdict::go_on && maxit > 0) verdict = judge_limit();
  result_.status = status_of(verdict);
}

Verdict Maximiser::iterate_once(Index iteration) {
  for (bool again = false;; again = true) {
    const std::optional<Proposal> proposal = propose(again);
    if (!proposal) return termination_.met() ? Verdict::diverging : Verdict::singular;
    if (is_diverging(*proposal)) return Verdict::diverging;
    if (termination_.exhausted() || termination_.at_floor()) return end_with(iteration, *proposal);
    Search search = search_along(*proposal, iteration);
    // What was learnt from earlier steps may lead nowhere.
    if (!search.found && direction_->reset()) continue;
    if (!search.found && !penalty_.has_value()) {
      search = objective_.take_full_step(
          {here_.beta, proposal->change, proposal->step.gain, curvature(), next_order(iteration)});
    }
    boundary_.observe(search.cut);
    if (boundary_.is_stuck()) return Verdict::stalled;
    if (!has_failed(search)) {
      accept(iteration, *proposal, std::move(search));
      return Verdict::go_on;
    }
    if (!has_another_way()) return termination_.met() ? refine() : Verdict::stalled;
  }
}

std::optional<Proposal> Maximiser::propose(bool again) {
  std::optional<Step> found = find_step();
  if (!found) return std::nullopt;
  Vector change = coordinates_.to_beta(found->gamma);
  const double length = control_.conditions.length(change);
  termination_.observe({found->gain,
                        here_.at.loglik,
                        working_weight(),
                        length,
                        !(drafts_ || products_) || here_.has_information()},
                       again);
  return Proposal{std::move(*found), std::move(change), length};
}

Search Maximiser::search_along(const Proposal& proposal, Index iteration) {
  return objective_.search(
      {here_.beta, proposal.change, proposal.step.gain, curvature(), next_order(iteration)},
      here_.at,
      rounding());
}

bool Maximiser::has_failed(const Search& search) const {
  // Is what steps gain lost in rounding?
  const bool nearby = termination_.met() && penalty_.has_value();
  return !search.found || (nearby && search.halvings > kLateHalvings);
}

bool Maximiser::has_another_way() {
  if (lacks_information()) {
    evaluate_here(Order::information);
    return true;
  }
  return !termination_.met() && regularise();
}

void Maximiser::accept(Index iteration, const Proposal& proposal, Search search) {
  direction_->update(search.fraction * proposal.step.gamma,
                     coordinates_.free_part(here_.at.score),
                     coordinates_.free_part(search.moments.score));
  here_.beta += search.fraction * proposal.change;
  here_.at = std::move(search.moments);
  here_.curvature = curvature();
  record({iteration,
          here_.at.loglik,
          search.fraction * proposal.length,
          search.halvings,
          proposal.step.gain});
}

// What is left of the step no longer moves the moments.
Verdict Maximiser::end_with(Index iteration, const Proposal& proposal) {
  if (stays_inside(proposal.change)) here_.beta += proposal.change;
  record({iteration, here_.at.loglik, proposal.length, 0, proposal.step.gain});
  return refine();
}

Verdict Maximiser::judge_limit() {
  const std::optional<Proposal> next = propose();
  if (!next) return Verdict::go_on;
  const double norm = control_.conditions.length(here_.beta);
  const bool on_and_on = termination_.steps_do_not_shrink() && next->length > kOnAndOn * norm;
  if (is_diverging(*next) || (steps_show_divergence() && on_and_on)) return Verdict::diverging;
  return termination_.met() ? Verdict::converged : Verdict::go_on;
}

Verdict Maximiser::refine() {
  const bool enough = !direction_->newton() || control_.conditions.resolution > 0.0;
  if (enough || refinements_++ == kMostRefinements) return Verdict::converged;
  if (lacks_information()) evaluate_here(Order::information);
  if (rank_is_open_) return Verdict::go_on;  // with the first step that the information gives
  if (coordinates_.rank_changes(here_.at.information, here_.beta) ||
      coordinates_.improve_basis(here_.at.information)) {
    restart();
    direction_->reset();
    return Verdict::go_on;
  }
  return Verdict::converged;
}

Result Maximiser::finish() {
  Ending ending(rows_, coordinates_, objective_, here_);
  ending.describe(result_);
  result_.hit_boundary = boundary_.ends_at_edge(result_.status == Status::iteration_limit);
  if (result_.status != Status::converged) return std::move(result_);
  if (!direction_->newton()) {
    result_.status = ending.judged_by_newton(result_, control_);
  } else if (penalty_.adjusts_score() && !rows_.canonical() && !ending.score_vanishes()) {
    result_.status = Status::stalled;
  }
  const bool ended = result_.status == Status::converged && control_.conditions.domain.bounded();
  if (ended && ending.is_on_edge(control_.conditions.domain)) result_.status = Status::boundary;
  return std::move(result_);
}

std::optional<Step> Maximiser::find_step() {
  if (auto step = find_plain_step()) return step;
  return regularise() ? find_plain_step() : std::nullopt;
}

std::optional<Step> Maximiser::find_plain_step() {
  if (!boundary_.last_step_was_cut()) {
    if (auto step = try_to_find_step()) return step;
    if (direction_->wants_draft()) {
      evaluate_here(Order::draft);
      if (auto step = try_to_find_step()) return step;
    }
    if (lacks_information()) {
      evaluate_here(Order::information);
      if (auto step = try_to_find_step()) return step;
    }
  }
  // Are the two different?
  if (direction_->newton() && curvature() == Curvature::observed && !rows_.canonical()) {
    evaluate_here(Order::information, Curvature::expected);
  }
  if (auto step = try_to_find_step()) return step;
  if (coordinates_.regularised() || !coordinates_.restore_basis(here_.beta)) return std::nullopt;
  evaluate_here(Order::information, Curvature::expected);
  return try_to_find_step();
}

std::optional<Step> Maximiser::try_to_find_step() {
  if (rank_is_open_ && here_.has_information()) settle_rank();
  return direction_->find(coordinates_, here_.at, termination_.negligible(working_weight()));
}

bool Maximiser::regularise() {
  const bool has_maximum = control_.conditions.has_maximum || penalty_.adjusts_score();
  if (!has_maximum || !direction_->newton() || coordinates_.regularised()) return false;
  coordinates_.regularise(true);
  direction_->reset();
  evaluate_here(Order::information);
  return true;
}

Order Maximiser::next_order(Index iteration) const {
  const Index maxit = control_.options.maxit;
  const bool late = iteration > (termination_.met() ? maxit - kLastIterations : maxit / 2);
  return direction_->newton() && late ? Order::information : direction_->order();
}

bool Maximiser::steps_show_divergence() const {
  return !control_.conditions.has_maximum && direction_->newton() &&
         objective_.is_exact(curvature());
}

bool Maximiser::is_diverging(const Proposal& proposal) const {
  return steps_show_divergence() && termination_.diverging() &&
         proposal.length > kFarAway * control_.conditions.length(here_.beta);
}

bool Maximiser::stays_inside(const Vector& change) {
  if (!control_.conditions.domain.bounded()) return true;
  const MomentsSum there(here_.beta + change, Order::value, Curvature::expected);
  return std::isfinite(rows_.total(there).loglik);
}

double Maximiser::rounding() {
  if (!penalty_.has_value()) return kRoundingNearby * std::fabs(objective_.height(here_.at));
  return (termination_.met() ? kRoundingNearby : kRounding) * size_of(here_.at.loglik);
}

Curvature Maximiser::curvature() const {
  const Method method = control_.options.method;
  const bool observed =
      method == Method::newton || (method == Method::fisher && termination_.met());
  return observed && !penalty_.adjusts_score() ? Curvature::observed : Curvature::expected;
}

double Maximiser::working_weight() {
  if (here_.at.information.size() > 0 && !coordinates_.orthogonalised()) {
    working_weight_ = here_.at.information.diagonal().maxCoeff();
  }
  return working_weight_;
}

void Maximiser::evaluate_here(Order order, Curvature curvature) {
  here_.at = objective_.evaluate(here_.beta, order, curvature);
  here_.curvature = curvature;
}

void Maximiser::record(const Iteration& iteration) {
  result_.history.push_back(iteration);
  control_.options.trace(iteration);
}

Result maximise(
    Evaluator& rows, Index columns, const Penalty& penalty, const Control& control, Vector start) {
  return Maximiser(rows, columns, penalty, control).run(std::move(start));
}

}  // namespace fastlogit
