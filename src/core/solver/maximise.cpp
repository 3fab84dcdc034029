#include "maximise.h"

#include <algorithm>
#include <cmath>

#include "ending.h"
#include "gradient.h"
#include "maximiser.h"
#include "newton.h"
#include "scoring.h"

namespace fastlogit {

Maximiser::Maximiser(Evaluator& rows, Index columns, const Penalty& penalty, const Control& control)
    : rows_(rows),
      penalty_(penalty),
      control_(control),
      coordinates_(rows, columns, control.aliased, control.fixed),
      objective_(rows, penalty, coordinates_),
      convergence_(control, penalty) {}

Result Maximiser::run(Vector beta) {
  beta_ = std::move(beta);
  // The rank is that of the rows, without a penalty.
  at_ = rows_.total(MomentsSum(beta_, Order::information, curvature()));
  at_curvature_ = curvature();
  if (!std::isfinite(at_.loglik) || at_.loglik < control_.least_loglik) {
    result_.beta = beta_;
    result_.status = Status::infeasible;
    return std::move(result_);
  }
  working_weight();
  if (coordinates_.settle(at_.information, beta_)) {
    restart();
  } else {
    objective_.penalise(beta_, at_);
  }
  choose_direction();
  iterate();
  return finish();
}

void Maximiser::choose_direction() {
  if (penalty_.adjusts_score()) {
    direction_ = std::make_unique<ScoringDirection>();
  } else if (control_.method == Method::gradient) {
    direction_ = std::make_unique<LbfgsDirection>(
        at_.information.diagonal().unaryExpr([](double d) { return d > 0.0 ? d : 1.0; }));
  } else {
    const double cost = control_.bounded ? 1.0 : rows_.gradient_cost();
    direction_ = std::make_unique<NewtonDirection>(cost);
  }
}

void Maximiser::iterate() {
  for (Index iteration = 1; iteration <= control_.maxit; ++iteration) {
    if (!advance(iteration)) return;
  }
  if (control_.maxit > 0) judge_limit();
}

void Maximiser::judge_limit() {
  const std::optional<Step> found = find_step();
  if (!found) return;
  const Vector step = coordinates_.to_beta(found->gamma);
  convergence_.observe(found->gain, at_.loglik, working_weight(), norm(step));
  const bool on_and_on = convergence_.keeps_its_pace() && norm(step) > kOnAndOn * norm(beta_);
  if (is_diverging(step) || (steps_betray() && on_and_on)) {
    result_.status = Status::diverging;
  } else if (convergence_.met()) {
    result_.status = Status::converged;
  }
}

bool Maximiser::advance(Index iteration) {
  const std::optional<Step> found = find_step();
  if (!found) return stop(convergence_.met() ? Status::diverging : Status::singular);
  const Vector step = coordinates_.to_beta(found->gamma);
  convergence_.observe(found->gain, at_.loglik, working_weight(), norm(step));
  if (is_diverging(step)) return stop(Status::diverging);
  if (convergence_.exhausted() || convergence_.at_floor()) {
    // What is left of the step no longer moves the moments.
    if (stays_inside(step)) beta_ += step;
    record({iteration, at_.loglik, norm(step), 0, found->gain});
    return improve();
  }
  const Ascent ascent{beta_, step, found->gain, curvature(), next_order(iteration)};
  Search search = objective_.search(ascent, at_, rounding());
  if (!search.found && direction_->forget()) return advance(iteration);
  if (!search.found && !penalty_.has_value()) search = objective_.leap(ascent);
  // An adjusted score turns away from the edge.
  was_cut_ = cuts_ > 0;
  cuts_ = control_.bounded && search.cut && !penalty_.adjusts_score() ? cuts_ + 1 : 0;
  if (cuts_ == kMostCuts) return stop(Status::stalled);
  const bool hopeless = !search.found || (near() && search.halvings > kHopeless);
  if (hopeless && lacks_information()) {
    evaluate_here(Order::information);
    return advance(iteration);
  }
  if (hopeless && !convergence_.met() && soften()) return advance(iteration);
  if (hopeless) return convergence_.met() ? improve() : stop(Status::stalled);
  direction_->taken(search.fraction * found->gamma,
                    coordinates_.free_part(at_.score),
                    coordinates_.free_part(search.moments.score));
  beta_ += search.fraction * step;
  at_ = std::move(search.moments);
  at_curvature_ = curvature();
  record({iteration, at_.loglik, search.fraction * norm(step), search.halvings, found->gain});
  return true;
}

Order Maximiser::next_order(Index iteration) const {
  const bool late = iteration > control_.maxit / 2;
  return direction_->newton() && late ? Order::information : direction_->order();
}

bool Maximiser::steps_betray() const {
  return !control_.finite && direction_->newton() && objective_.is_exact(curvature());
}

bool Maximiser::is_diverging(const Vector& step) const {
  return steps_betray() && convergence_.diverging() && norm(step) > Ending::kFarAway * norm(beta_);
}

bool Maximiser::stays_inside(const Vector& step) {
  return !control_.bounded ||
         std::isfinite(
             rows_.total(MomentsSum(beta_ + step, Order::value, Curvature::expected)).loglik);
}

std::optional<Step> Maximiser::find_step() {
  if (cuts_ == 0) {
    if (auto step = try_to_find_step()) return step;
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
  if (!coordinates_.softened() && coordinates_.recover(beta_)) {
    evaluate_here(Order::information, Curvature::expected);
    if (auto step = try_to_find_step()) return step;
  }
  if (!soften()) return std::nullopt;
  return find_step();
}

bool Maximiser::soften() {
  const bool there_is_a_maximum = control_.finite || penalty_.adjusts_score();
  if (!there_is_a_maximum || !direction_->newton() || coordinates_.softened()) return false;
  coordinates_.soften(true);
  direction_->forget();
  evaluate_here(Order::information);
  return true;
}

std::optional<Step> Maximiser::try_to_find_step() {
  return direction_->find(coordinates_, at_, convergence_.negligible(working_weight()));
}

bool Maximiser::improve() {
  const bool enough = !direction_->newton() || control_.resolution > 0.0;
  if (enough || improvements_++ == kMostImprovements) return stop(Status::converged);
  if (coordinates_.rank_changes(at_.information, beta_) || coordinates_.sharpen(at_.information)) {
    restart();
    direction_->forget();
    return true;
  }
  return stop(Status::converged);
}

double Maximiser::rounding() {
  if (!penalty_.has_value()) return 1e-10 * std::fabs(objective_.height(at_));
  return (convergence_.met() ? 1e-10 : 1e-13) * (std::fabs(at_.loglik) + 0.05);
}

void Maximiser::restart() {
  beta_ = coordinates_.without_aliased(beta_);
  evaluate_here(Order::information);
}

Result Maximiser::finish() {
  Ending ending(rows_, coordinates_, objective_, beta_, at_, at_curvature_);
  ending.describe(result_);
  // Steps that are cut take turns with others that turn away.
  const bool in_turns = was_cut_ && result_.status == Status::iteration_limit;
  result_.cut = cuts_ > 0 || in_turns;
  if (result_.status != Status::converged) return std::move(result_);
  if (!direction_->newton()) {
    result_.status = ending.judged_by_newton(result_, control_);
  } else if (penalty_.adjusts_score() && !rows_.canonical() && !ending.score_vanishes()) {
    result_.status = Status::stalled;
  }
  return std::move(result_);
}

Curvature Maximiser::curvature() const {
  const bool observed = control_.method == Method::newton ||
                        (control_.method == Method::fisher && convergence_.met());
  return observed && !penalty_.adjusts_score() ? Curvature::observed : Curvature::expected;
}

double Maximiser::working_weight() {
  if (at_.information.size() > 0 && !coordinates_.orthogonalised()) {
    working_weight_ = at_.information.diagonal().maxCoeff();
  }
  return working_weight_;
}

void Maximiser::evaluate_here(Order order, Curvature curvature) {
  at_ = objective_.evaluate(beta_, order, curvature);
  at_curvature_ = curvature;
}

bool Maximiser::stop(Status status) {
  result_.status = status;
  return false;
}

void Maximiser::record(const Iteration& iteration) {
  result_.history.push_back(iteration);
  control_.trace(iteration);
}

Result maximise(
    Evaluator& rows, Index columns, const Penalty& penalty, const Control& control, Vector start) {
  return Maximiser(rows, columns, penalty, control).run(std::move(start));
}

}  // namespace fastlogit
