// The loop, phase by phase: begin, iterate (propose a step, search along it, accept it), refine,
// finish.
#pragma once

#include <memory>
#include <optional>

#include "boundary_watch.h"
#include "coordinates.h"
#include "direction.h"
#include "iterate.h"
#include "objective.h"
#include "termination.h"

namespace fastlogit {

class Maximiser {
 public:
  Maximiser(Evaluator& rows, Index columns, const Penalty& penalty, const Control& control);

  Result run(Vector beta);

 private:
  // False where there is no way on from the start.
  bool begin(Vector beta);
  void begin_with(Order order);

  bool can_use_products() const;

  // May iterations begin here?
  bool is_feasible() const;

  // By products with the information alone; the rank is left open.
  bool begin_without_information();
  void choose_direction();
  void iterate();
  Verdict iterate_once(Index iteration);

  // At the limit of the iterations: where would the next step lead?
  Verdict judge_limit();

  // At the solution of the system as it is posed: go_on when it can be posed better.
  Verdict refine();
  Result finish();

  // --- an iteration ---

  // again: the last proposal of this iteration came to nothing.
  std::optional<Proposal> propose(bool again = false);
  Search search_along(const Proposal& proposal, Index iteration);
  void accept(Index iteration, const Proposal& proposal, Search search);
  Verdict end_with(Index iteration, const Proposal& proposal);

  // Has the line search told that the step leads nowhere?
  bool has_failed(const Search& search) const;

  // After a search that has failed: true when something is left to be tried at the same point.
  bool has_another_way();

  // --- steps ---

  // Where the observed information is not positive definite, the expected one gives an ascent
  // direction; and where the last step ran into the edge of the link's domain, the expected one
  // grows there, so that its steps turn away from it.
  std::optional<Step> find_step();
  std::optional<Step> find_plain_step();
  std::optional<Step> try_to_find_step();

  // Where there is a maximum, and the information has vanished along some direction while others
  // still have a way to go: their steps are to be found without what is rounding. True where that
  // has not been tried.
  bool regularise();

  bool lacks_information() const { return direction_->newton() && !here_.has_information(); }

  // Cheap steps that gain little must not use up the iterations there may be.
  Order next_order(Index iteration) const;

  // Steps of Newton's method shrink quadratically near a maximum, so that steps which do not show
  // that there is none.
  bool steps_show_divergence() const;
  bool is_diverging(const Proposal& proposal) const;

  // Only the domain of a link that is not canonical may have an edge.
  bool stays_inside(const Vector& change);

  // --- where it is ---

  // What the information says of the rank, where it was not there at the start. Columns that are
  // aliased leave no gap: the others take their part.
  void settle_rank();

  // Of the log-likelihood, or of what is to rise in its place where there is none, which vanishes
  // at the solution.
  double rounding();

  // The coordinates have changed; columns that have become aliased leave the linear predictor.
  void restart();

  // Fisher scoring gains a constant factor an iteration. Once it counts as converged, the last
  // digits are left to the observed information, which doubles them.
  Curvature curvature() const;

  // Designs have entries up to 1 in size, so the largest diagonal element of X' W X is near the sum
  // of the weights. Where the information is not at hand in the columns' own coordinates, the last
  // one that was serves.
  double working_weight();

  void evaluate_here(Order order) { evaluate_here(order, curvature()); }
  void evaluate_here(Order order, Curvature curvature);

  void record(const Iteration& iteration);

  Evaluator& rows_;
  const Penalty& penalty_;
  const Control& control_;
  Coordinates coordinates_;
  Objective objective_;
  Termination termination_;
  bool products_;    // is it worth while to begin with products of the information alone?
  bool drafts_;      // or with a draft?
  Vector diagonal_;  // of it, then
  bool rank_is_open_ = false;
  BoundaryWatch boundary_;
  std::unique_ptr<Direction> direction_;
  Iterate here_;
  double working_weight_ = 0.0;
  int refinements_ = 0;
  Result result_;
};

}  // namespace fastlogit
