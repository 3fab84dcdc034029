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
    control.maxit = 200;
    control.bounded = problem_->family().bounded();
    control.finite = true;
    control.aliased = aliased_;
    control.fixed = left_out_;
    HeldWays ways;
    ways.from = [this, crew, &rows](const Control& asked, const Vector& start) {
      return problem_->maximise_from(rows, *penalty_, asked, crew, start);
    };
    ways.continued = [this, crew, &rows](const Control& asked, const Vector& start) {
      return problem_->by_continuation(rows, *penalty_, asked, crew, start);
    };
    const bool unimodal = problem_->family().concave() && !penalty_->adjusts_score();
    return {std::move(control), std::move(ways), unimodal};
  }

 private:
  std::unique_ptr<Problem> problem_;
  std::unique_ptr<Penalty> penalty_;
  Vector scale_;
  Vector beta_;
  std::vector<bool> left_out_;
  std::vector<bool> aliased_;
};

}  // namespace fastlogit
