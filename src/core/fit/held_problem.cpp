#include "held_problem.h"

namespace fastlogit {

HeldProblem::HeldProblem(std::unique_ptr<Problem> problem, const Vector& coefficients)
    : problem_(std::move(problem)),
      penalty_(problem_->penalty()),
      scale_(problem_->coefficient_scale()),
      beta_(Vector::Zero(coefficients.size())),
      left_out_(coefficients.size()),
      aliased_(problem_->columns(), true) {
  for (Index j = 0; j < beta_.size(); ++j) {
    left_out_[j] = std::isnan(coefficients[j]);
    if (left_out_[j]) continue;
    beta_[j] = coefficients[j] / scale_[j];
    aliased_[j % problem_->columns()] = false;
  }
}

std::unique_ptr<Evaluator> HeldProblem::evaluator(const Execution& execution) const {
  return problem_->evaluator(execution, problem_->likelihood());
}

HeldFits HeldProblem::fits(Evaluator& rows, const Execution& execution) const {
  Control control;
  control.options.maxit = 200;
  control.conditions.domain = problem_->family().domain();
  control.conditions.has_maximum = true;
  control.conditions.aliased = aliased_;
  control.conditions.fixed = left_out_;
  HeldWays ways;
  ways.from = [this, execution, &rows](const Control& asked, const Vector& start) {
    return from(rows, execution, asked, start);
  };
  ways.continued = [this, execution, &rows](const Control& asked, const Vector& start) {
    return problem_->by_continuation(rows, *penalty_, asked, execution, start);
  };
  const bool unimodal = problem_->family().concave() && !penalty_->adjusts_score();
  return {std::move(control), std::move(ways), unimodal};
}

Result HeldProblem::from(Evaluator& rows,
                         const Execution& execution,
                         const Control& control,
                         Vector start) const {
  if (control.conditions.domain.bounded() && !is_feasible(rows, start)) {
    start = feasible(rows, execution, control, start);
    if (start.size() == 0) return infeasible();
  }
  Result result = maximise(rows, problem_->columns(), *penalty_, control, start);
  const bool stuck = result.hit_boundary || !has_ended_well(result.status);
  if (control.conditions.domain.bounded() && stuck && !penalty_->adjusts_score()) {
    result = problem_->from_inside(rows, *penalty_, control, execution, start, std::move(result));
  }
  return result;
}

Vector HeldProblem::feasible(Evaluator& rows,
                             const Execution& execution,
                             const Control& control,
                             const Vector& from) const {
  constexpr int kMost = 60;
  const DampedRows phase_one = [this, execution](double damping) {
    Likelihood damped = problem_->phase_one();
    damped.damping = damping;
    return problem_->evaluator(execution, damped);
  };
  const double damping = problem_->damping_at(from, execution);
  Vector inside = push_inside(rows, phase_one, damping, problem_->columns(), from, control);
  const auto loglik = [&](const Vector& beta) {
    return rows.total(MomentsSum(beta, Order::value, Curvature::expected)).loglik;
  };
  for (int i = 0; i < kMost && inside.size() > 0; ++i) {
    const Vector nearer = 0.5 * (from + inside);
    if (!(loglik(nearer) > loglik(inside))) break;
    inside = nearer;
  }
  return inside;
}

}  // namespace fastlogit
