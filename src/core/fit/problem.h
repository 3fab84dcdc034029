// All that a fit needs of the rows, wherever they are, and the ways from a start to a maximum that
// ask the rows for other likelihoods: damped ones, or with a barrier.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "../engine/evaluator.h"
#include "../engine/threads.h"
#include "../family/likelihood.h"
#include "../penalty/registry.h"
#include "../solver/boundary.h"
#include "../solver/start.h"
#include "../solver/tuning.h"
#include "../sums/range.h"

namespace fastlogit {

// Who works on a pass over the rows, and who is asked whether to go on.
struct Execution {
  int threads;
  Heartbeat heartbeat;
};

Result infeasible();

// What is fitted to the rows.
struct Model {
  Likelihood likelihood;
  std::string penalty;  // a name of the registry; empty: none
  double penalty_amount = 0.0;
  Vector penalised;  // of each column: 1, or 0 where it is not
};

class Problem {
 public:
  Problem(Model model, Execution all_threads);

  virtual ~Problem() = default;

  // The number of rows; the scale of the columns that coordinates and rank are of, powers of two;
  // the unit of the weights.
  virtual Index count() const = 0;
  virtual const Vector& scale() const = 0;
  virtual double unit() const = 0;

  // The rows, or one in `thinning` of them. The problem has to outlive the evaluator.
  virtual std::unique_ptr<Evaluator> evaluator(const Execution& execution,
                                               const Likelihood& likelihood,
                                               Index thinning = 1) const = 0;

  // Is a sample of the rows worth a fit, before that of all?
  virtual bool can_be_sampled() const { return false; }

  // Can evaluators work side by side, on threads of their own?
  virtual bool is_concurrent() const { return true; }

  // The coefficients whose linear predictors come closest to these n; of rows in memory only.
  virtual Vector closest_to(const double*, Index) const { return Vector(); }

  // Can it say of each row what an object keeps of it: eta, n x q, and, of one predictor, the
  // expected weights, in the user's units?
  virtual bool has_rows() const { return false; }
  virtual void at_rows(const Vector&, MatrixRef, VectorRef) const {}

  // Of rows of which an object keeps nothing more: see Family::range().
  std::pair<double, double> range_of_predictors(const Vector& beta) const;

  // What no linear predictor of rows without an offset exceeds.
  virtual double reach(const Vector& beta) const;

  Index columns() const { return scale().size(); }

  // Of each coefficient; and how many there are. Those of predictors that share slopes are columns
  // of their own.
  Vector coefficient_scale() const { return scale().replicate(times(), 1); }
  Index coefficients() const { return columns() * times(); }

  // What an object keeps of a row: its predictors; of those that share slopes x' b, where nothing
  // varies from cut to cut.
  Index shown_predictors() const;
  std::pair<Likelihood, Vector> to_show(const Vector& beta) const;

  const Family& family() const { return *family_; }
  const Model& model() const { return model_; }
  const Likelihood& likelihood() const { return model_.likelihood; }

  // What pushes linear predictors into the domain of the link.
  Likelihood phase_one() const;

  // One that has travelled, with what is known here.
  Likelihood completed(Likelihood likelihood) const;

  const Execution& all_threads() const { return all_threads_; }
  int threads() const { return all_threads_.threads; }

  std::unique_ptr<Penalty> penalty() const;

  // From `start`, by way of damped linear predictors where offsets are wide. `start` is zero but
  // for coefficients that are fixed.
  Result by_continuation(Evaluator& rows,
                         const Penalty& penalty,
                         Control control,
                         const Execution& execution,
                         Vector start) const;

  // From `start`, and to the edge of the link's domain where that leads there.
  Result maximise_from(Evaluator& rows,
                       const Penalty& penalty,
                       const Control& control,
                       const Execution& execution,
                       const Vector& start) const;

  // By how much offsets are to be damped, if they are wide, for a fit to begin at `start`; 1: not
  // at all.
  double damping_at(const Vector& start, const Execution& execution) const;

  // Where the steps from `start` have been cut short at the edge of the link's domain.
  Result from_inside(Evaluator& rows,
                     const Penalty& penalty,
                     const Control& control,
                     const Execution& execution,
                     const Vector& start,
                     Result cut) const;

 protected:
  // Of columns of a design.
  Vector scale_of(const Vector& columns) const {
    return family_->cuts() ? family_->cuts()->scale(columns) : columns;
  }

 private:
  // How often a column has a coefficient.
  Index times() const { return family_->cuts() ? 1 : family_->predictors(); }

  // The rows with their linear predictors multiplied.
  DampedRows damped_rows(const Likelihood& likelihood, const Execution& execution) const;

  Model model_;
  std::shared_ptr<const Family> family_;
  Execution all_threads_;
};

}  // namespace fastlogit
