// All that a fit needs of the rows, wherever they are, as R hands it over.
#pragma once

#include <memory>
#include <utility>

#include "convert.h"
#include "core/engine/evaluator.h"
#include "core/family/likelihood.h"
#include "core/solver/boundary.h"
#include "core/solver/start.h"

namespace fastlogit {

// Who works on a pass over the rows, and who is asked whether to go on.
struct Crew {
  int threads;
  Heartbeat heartbeat;
};

inline Result infeasible() {
  Result result;
  result.status = Status::infeasible;
  return result;
}

class Problem {
 public:
  // rows: list(model = list(family = a link's name or "multinomial", predictors = , penalty = ),
  // threads = , and what the kind of rows asks for).
  explicit Problem(const Rcpp::List& rows)
      : model_(rows["model"]),
        likelihood_{Rcpp::as<std::string>(model_["family"]), Rcpp::as<int>(model_["predictors"])},
        family_(make_family(likelihood_)),
        threads_(threads_from(rows["threads"])) {}

  virtual ~Problem() = default;

  // The number of rows; the scale of the columns, powers of two; the unit of the weights.
  virtual Index count() const = 0;
  virtual const Vector& scale() const = 0;
  virtual double unit() const = 0;

  // The rows, or one in `thinning` of them. The problem has to outlive the evaluator.
  virtual std::unique_ptr<Evaluator> evaluator(const Crew& crew,
                                               const Likelihood& likelihood,
                                               Index thinning = 1) const = 0;

  // Is a sample of the rows worth a fit, before that of all?
  virtual bool can_be_sampled() const { return false; }

  // Can evaluators work side by side, on threads of their own?
  virtual bool is_concurrent() const { return true; }

  // The coefficients whose linear predictors come closest to these n. Of rows in memory only, as
  // what follows: what an object keeps of every row.
  virtual Vector closest_to(const double*, Index) const { return Vector(); }
  virtual void add_rows(Rcpp::List&, const Vector&) const {}

  Index columns() const { return scale().size(); }
  const Family& family() const { return *family_; }
  const Likelihood& likelihood() const { return likelihood_; }
  Crew all_threads() const { return {threads_, UserInterrupt()}; }
  int threads() const { return threads_; }

  std::unique_ptr<Penalty> penalty() const {
    return penalty_from(model_["penalty"], scale(), unit(), family_->canonical());
  }

  // From `start`, by way of damped linear predictors where offsets are wide. `start` is zero but
  // for coefficients that are fixed.
  Result by_continuation(Evaluator& rows,
                         const Penalty& penalty,
                         Control control,
                         const Crew& crew,
                         Vector start) const {
    constexpr double kFromTheEdge = 0.1;
    const double damping = damping_at(start, crew);
    Likelihood inside = likelihood_;
    if (family_->bounded()) {
      inside.barrier = kFromTheEdge;
      const DampedRows downwards = damped_rows({kDownwards}, crew);
      start = push_down(rows, downwards, damping, columns(), std::move(start), control);
      if (start.size() == 0) return infeasible();
    }
    const EasyStart easy = undamp(damped_rows(inside, crew),
                                  damping,
                                  columns(),
                                  penalty,
                                  control,
                                  {std::move(start), control.conditions.aliased});
    control.conditions.aliased = easy.aliased;
    control.options.method = Method::newton;  // others do not see far enough
    Result result = maximise_from(rows, penalty, control, crew, easy.beta);
    if (!easy.aliased.empty()) result.aliased = easy.aliased;
    return result;
  }

  // From `start`, and to the edge of the link's domain where that leads there.
  Result maximise_from(Evaluator& rows,
                       const Penalty& penalty,
                       const Control& control,
                       const Crew& crew,
                       const Vector& start) const {
    Result result = maximise(rows, columns(), penalty, control, start);
    if (result.hit_boundary && !penalty.adjusts_score()) {
      result = from_inside(rows, penalty, control, crew, start, std::move(result));
    }
    return result;
  }

  // By how much offsets are to be damped, if they are wide, for a fit to begin at `start`; 1: not
  // at all.
  double damping_at(const Vector& start, const Crew& crew) const {
    Likelihood likelihood = likelihood_;
    if (family_->bounded()) likelihood = {kDownwards};
    return sound_damping(damped_rows(likelihood, crew), start);
  }

  // Where the steps from `start` have been cut short at the edge of the link's domain.
  Result from_inside(Evaluator& rows,
                     const Penalty& penalty,
                     const Control& control,
                     const Crew& crew,
                     const Vector& start,
                     Result cut) const {
    const auto barrier_fit = [&](double strength, const Vector& beta) {
      Likelihood with_barrier = likelihood_;
      with_barrier.barrier = strength;
      const std::unique_ptr<Evaluator> inside = evaluator(crew, with_barrier);
      Control inner;
      inner.conditions.bounded = true;
      inner.conditions.aliased = control.conditions.aliased;
      inner.conditions.fixed = control.conditions.fixed;
      return maximise(*inside, columns(), penalty, inner, beta);
    };
    return maximise_from_inside(
        rows, columns(), penalty, control, barrier_fit, start, std::move(cut));
  }

 private:
  // The rows with their linear predictors multiplied.
  DampedRows damped_rows(const Likelihood& likelihood, const Crew& crew) const {
    return [this, crew, likelihood](double damping) {
      Likelihood damped = likelihood;
      damped.damping = damping;
      return evaluator(crew, damped);
    };
  }

  Rcpp::List model_;
  Likelihood likelihood_;
  std::shared_ptr<const Family> family_;
  int threads_;
};

// Of the kind that `rows` describes.
std::unique_ptr<Problem> make_problem(const Rcpp::List& rows);

// An action on rows, whose interrupt by the user is R's.
template <typename Action>
auto interruptibly(const Action& action) {
  try {
    return action();
  } catch (const Interrupted&) {
    throw Rcpp::internal::InterruptedException();
  }
}

}  // namespace fastlogit
