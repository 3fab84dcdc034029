// A problem some of whose coefficients are held.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "core/solver/held.h"
#include "problem.h"

namespace fastlogit {

class HeldProblem {
 public:
  // coefficients: where to begin; NA where they are left out, for one that is aliased or that the
  // rows do not determine.
  HeldProblem(const Rcpp::List& rows, const Rcpp::NumericVector& coefficients)
      : problem_(make_problem(rows)),
        penalty_(problem_->penalty()),
        scale_(problem_->scale().replicate(problem_->likelihood().predictors, 1)),
        beta_(Vector::Zero(coefficients.size())),
        left_out_(coefficients.size()),
        aliased_(problem_->columns(), true) {
    for (Index j = 0; j < beta_.size(); ++j) {
      left_out_[j] = Rcpp::NumericVector::is_na(coefficients[j]);
      if (left_out_[j]) continue;
      beta_[j] = coefficients[j] / scale_[j];
      aliased_[j % problem_->columns()] = false;
    }
  }

  const Problem& problem() const { return *problem_; }
  const Penalty& penalty() const { return *penalty_; }
  const Vector& scale() const { return scale_; }
  const Vector& start() const { return beta_; }
  const std::vector<bool>& left_out() const { return left_out_; }
  const std::vector<bool>& aliased() const { return aliased_; }  // by column, of all classes

  std::unique_ptr<Evaluator> evaluator(const Crew& crew) const {
    return problem_->evaluator(crew, problem_->likelihood());
  }

  // rows: by the same crew. This and they have to outlive the fits.
  HeldFits fits(Evaluator& rows, const Crew& crew) const {
    Control control;
    control.options.maxit = 200;
    control.conditions.bounded = problem_->family().bounded();
    control.conditions.has_maximum = true;
    control.conditions.aliased = aliased_;
    control.conditions.fixed = left_out_;
    HeldWays ways;
    ways.from = [this, crew, &rows](const Control& asked, const Vector& start) {
      return from(rows, crew, asked, start);
    };
    ways.continued = [this, crew, &rows](const Control& asked, const Vector& start) {
      return problem_->by_continuation(rows, *penalty_, asked, crew, start);
    };
    const bool unimodal = problem_->family().concave() && !penalty_->adjusts_score();
    return {std::move(control), std::move(ways), unimodal};
  }

 private:
  Result from(Evaluator& rows, const Crew& crew, const Control& control, Vector start) const {
    if (control.conditions.bounded && !is_feasible(rows, start)) {
      start = feasible(rows, crew, control, start);
      if (start.size() == 0) return infeasible();
    }
    Result result = maximise(rows, problem_->columns(), *penalty_, control, start);
    const bool stuck = result.hit_boundary || result.status != Status::converged;
    if (control.conditions.bounded && stuck && !penalty_->adjusts_score()) {
      result = problem_->from_inside(rows, *penalty_, control, crew, start, std::move(result));
    }
    return result;
  }

  // Pushed down into the domain, which is convex, and back towards where it came from as far as
  // that is upwards. Empty where there is no way in.
  Vector feasible(Evaluator& rows,
                  const Crew& crew,
                  const Control& control,
                  const Vector& from) const {
    constexpr int kMost = 60;
    const DampedRows downwards = [this, crew](double damping) {
      Likelihood damped{kDownwards};
      damped.damping = damping;
      return problem_->evaluator(crew, damped);
    };
    const double damping = problem_->damping_at(from, crew);
    Vector inside = push_down(rows, downwards, damping, problem_->columns(), from, control);
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

  std::unique_ptr<Problem> problem_;
  std::unique_ptr<Penalty> penalty_;
  Vector scale_;
  Vector beta_;
  std::vector<bool> left_out_;
  std::vector<bool> aliased_;
};

}  // namespace fastlogit
