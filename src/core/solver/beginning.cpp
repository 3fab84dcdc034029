// Where the iterations begin: the first moments, the rank, and the way to find steps.
#include <cmath>
#include <utility>

#include "../sums/curvature.h"
#include "gradient.h"
#include "maximiser.h"
#include "newton.h"
#include "scoring.h"
#include "truncated.h"
#include "tuning.h"

namespace fastlogit {

Maximiser::Maximiser(Evaluator& rows, Index columns, const Penalty& penalty, const Control& control)
    : rows_(rows),
      penalty_(penalty),
      control_(control),
      coordinates_(rows, columns, control.conditions.aliased, control.conditions.fixed),
      objective_(rows, penalty, coordinates_),
      termination_(control, penalty),
      products_(can_use_products()),
      drafts_(!products_ && !penalty.adjusts_score() &&
              control.options.method != Method::gradient && !control.conditions.domain.bounded() &&
              rows.draft().exists()),
      boundary_(control.conditions.domain.bounded() && !penalty.adjusts_score()) {}

bool Maximiser::can_use_products() const {
  if (!are_worth_while(rows_.product_cost())) return false;
  const bool plain = control_.options.method != Method::gradient &&
                     !control_.conditions.domain.bounded() && control_.conditions.fixed.empty();
  return plain && penalty_.curvature_times(Vector::Zero(rows_.size())).size() > 0;
}

bool Maximiser::begin(Vector beta) {
  here_.beta = std::move(beta);
  here_.curvature = curvature();
  if (products_) return begin_without_information();
  // The rank is that of the rows, without a penalty.
  begin_with(drafts_ ? Order::draft : Order::information);
  if (!is_feasible()) return false;
  if (drafts_ && coordinates_.has_clear_rank(here_.at.information)) {
    objective_.penalise(here_.beta, here_.at);
    return true;
  }
  if (drafts_) begin_with(Order::information);
  if (coordinates_.decide_rank(here_.at.information, here_.beta)) {
    restart();
  } else {
    objective_.penalise(here_.beta, here_.at);
  }
  return true;
}

void Maximiser::begin_with(Order order) {
  here_.at = rows_.total(MomentsSum(here_.beta, order, here_.curvature, rows_.draft().thinning));
  here_.at.information.seal();
  working_weight();
}

bool Maximiser::is_feasible() const {
  const double loglik = here_.at.loglik;
  return std::isfinite(loglik) && loglik >= control_.conditions.least_loglik;
}

bool Maximiser::begin_without_information() {
  begin_with(Order::gradient);
  if (!is_feasible()) return false;
  objective_.penalise(here_.beta, here_.at);
  const Index size = rows_.size();
  const CurvatureSum ask(here_.beta, Curvature::expected, Matrix(size, 0), true);
  diagonal_ = rows_.total(ask).diagonal + penalty_.curvature_times(Vector::Ones(size));
  working_weight_ = diagonal_.maxCoeff();
  // A column of nothing has no score.
  diagonal_ = diagonal_.cwiseMax(kRegularisation * working_weight_);
  rank_is_open_ = true;
  return true;
}

void Maximiser::choose_direction() {
  if (penalty_.adjusts_score()) {
    direction_ = std::make_unique<ScoringDirection>();
  } else if (control_.options.method == Method::gradient) {
    direction_ = std::make_unique<LbfgsDirection>(
        here_.at.information.diagonal().unaryExpr([](double d) { return d > 0.0 ? d : 1.0; }));
  } else if (products_) {
    direction_ = std::make_unique<TruncatedDirection>(rows_, penalty_, here_, diagonal_);
  } else {
    const double cost = control_.conditions.domain.bounded() ? 1.0 : rows_.gradient_cost();
    direction_ = std::make_unique<NewtonDirection>(cost, drafts_ ? rows_.draft() : Draft());
  }
}

void Maximiser::settle_rank() {
  rank_is_open_ = false;
  const Vector beta = here_.beta;
  if (!coordinates_.decide_rank(here_.at.information, beta)) return;
  here_.beta = coordinates_.without_aliased(beta);
  if (coordinates_.factorise(here_.at.information)) {
    const Vector taken = here_.at.information.times(beta - here_.beta);
    here_.beta += coordinates_.newton_step(taken).gamma;
  }
  evaluate_here(Order::information);
}

void Maximiser::restart() {
  here_.beta = coordinates_.without_aliased(here_.beta);
  evaluate_here(Order::information);
}

}  // namespace fastlogit
