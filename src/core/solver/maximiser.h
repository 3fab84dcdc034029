// The loop and what it remembers from one iteration to the next.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "convergence.h"
#include "coordinates.h"
#include "direction.h"
#include "ending.h"
#include "gradient.h"
#include "newton.h"
#include "objective.h"
#include "scoring.h"

namespace fastlogit {

class Maximiser {
 public:
  Maximiser(Evaluator& rows, Index columns, const Penalty& penalty, const Control& control);

  Result run(Vector beta);

 private:
  void choose_direction();

  void iterate();

  // At the limit: where would the next step lead?
  void judge_limit();

  // One iteration; false when it was the last.
  bool advance(Index iteration);

  // Is what steps gain lost in rounding?
  bool near() const { return convergence_.met() && penalty_.has_value(); }

  // Has the last step been judged by the score alone?
  bool lacks_information() const { return direction_->newton() && at_.information.size() == 0; }

  // Cheap steps that gain little must not use up the iterations there may be.
  Order next_order(Index iteration) const;

  // Steps of Newton's method shrink quadratically near a maximum, so that steps which do not betray
  // that there is none.
  bool steps_betray() const;

  bool is_diverging(const Vector& step) const;

  // Only the domain of a link that is not canonical may have an edge.
  bool stays_inside(const Vector& step);

  // Where the observed information is not positive definite, the expected one gives an ascent
  // direction; and where the last step ran into the boundary of the link's domain, the expected one
  // grows there, so that its steps turn away from it.
  std::optional<Step> find_step();

  // Where there is a maximum, and the information has vanished along some direction while others
  // still have a way to go: their steps are to be found without what is rounding. True where that
  // has not been tried.
  bool soften();

  std::optional<Step> try_to_find_step();

  // At the solution of the system as it is posed: true when it can be posed better.
  bool improve();

  // Of the log-likelihood: it sums n terms of one sign, each of them good to its size; but where
  // columns are nearly dependent, linear predictors are not, and near the maximum that is all that
  // a line search sees. What is to rise in its place where there is none vanishes at the solution.
  double rounding();

  // The coordinates have changed; columns that have become aliased leave the linear predictor.
  void restart();

  Result finish();

  // Fisher scoring gains a constant factor an iteration. Once it counts as converged, the last
  // digits are left to the observed information, which doubles them.
  Curvature curvature() const;

  // Designs have entries up to 1 in size, so the largest diagonal element of X' W X is near the sum
  // of the weights. Where the information is not at hand in the columns' own coordinates, the last
  // one that was serves.
  double working_weight();

  void evaluate_here(Order order) { evaluate_here(order, curvature()); }
  void evaluate_here(Order order, Curvature curvature);

  double norm(const Vector& step) const { return control_.length(step); }

  bool stop(Status status);

  void record(const Iteration& iteration);

  static constexpr int kMostImprovements = 2;
  static constexpr Index kMostCuts = 5;
  static constexpr Index kHopeless = 5;  // halvings, so near the maximum
  static constexpr double kOnAndOn = 0.1;

  Evaluator& rows_;
  const Penalty& penalty_;
  const Control& control_;
  Coordinates coordinates_;
  Objective objective_;
  Convergence convergence_;
  std::unique_ptr<Direction> direction_;
  Vector beta_;
  Moments at_;  // the moments at beta_
  Curvature at_curvature_ = Curvature::expected;
  double working_weight_ = 0.0;
  bool was_cut_ = false;
  Index cuts_ = 0;  // how many steps in a row the edge of the link's domain has cut short
  int improvements_ = 0;
  Result result_;
};

}  // namespace fastlogit
