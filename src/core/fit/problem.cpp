#include "problem.h"

#include <algorithm>

namespace fastlogit {

Result infeasible() {
  Result result;
  result.status = Status::infeasible;
  return result;
}

Problem::Problem(Model model, Execution all_threads)
    : model_(std::move(model)),
      family_(make_family(model_.likelihood)),
      all_threads_(std::move(all_threads)) {}

std::pair<double, double> Problem::range_of_predictors(const Vector& beta) const {
  return evaluator(all_threads(), likelihood())->total(RangeSum(beta));
}

// In the units of the coefficients no entry of a design exceeds 1.
double Problem::reach(const Vector& beta) const {
  double reach = 0.0;
  for (Index first = 0; first < beta.size(); first += columns()) {
    reach = std::max(reach, beta.segment(first, columns()).lpNorm<1>());
  }
  return reach;
}

Index Problem::shown_predictors() const {
  const Cuts* const cuts = family_->cuts();
  if (!cuts) return family_->predictors();
  return cuts->varying().empty() ? 1 : cuts->count();
}

// The likelihood whose predictors these are, and its coefficients.
std::pair<Likelihood, Vector> Problem::to_show(const Vector& beta) const {
  Likelihood likelihood = model_.likelihood;
  const std::shared_ptr<const Cuts> cuts = likelihood.cuts;
  if (!cuts) return {likelihood, beta};
  if (cuts->varying().empty()) return {Likelihood{kLeastSquares}, cuts->slopes(beta)};
  likelihood.cuts = cuts->with_all_predictors();
  return {likelihood, beta};
}

std::unique_ptr<Penalty> Problem::penalty() const {
  if (model_.penalty.empty()) return std::make_unique<NoPenalty>();
  const Vector penalised = model_.penalised.cwiseProduct(scale().cwiseAbs2());
  return make_penalty(model_.penalty,
                      {model_.penalty_amount, penalised, unit(), family_->canonical()});
}

Result Problem::by_continuation(Evaluator& rows,
                                const Penalty& penalty,
                                Control control,
                                const Execution& execution,
                                Vector start) const {
  const double damping = damping_at(start, execution);
  Likelihood inside = model_.likelihood;
  if (family_->bounded()) {
    inside.barrier = kStrongestBarrier;
    const DampedRows phase_one = damped_rows(this->phase_one(), execution);
    start = push_inside(rows, phase_one, damping, columns(), std::move(start), control);
    if (start.size() == 0) return infeasible();
  }
  const EasyStart easy = undamp(damped_rows(inside, execution),
                                family_->domain().is_cone() ? damping : 1.0,
                                columns(),
                                penalty,
                                control,
                                {std::move(start), control.conditions.aliased});
  control.conditions.aliased = easy.aliased;
  control.options.method = Method::newton;  // others do not see far enough
  Result result = maximise_from(rows, penalty, control, execution, easy.beta);
  if (!easy.aliased.empty()) result.aliased = easy.aliased;
  return result;
}

Result Problem::maximise_from(Evaluator& rows,
                              const Penalty& penalty,
                              const Control& control,
                              const Execution& execution,
                              const Vector& start) const {
  Result result = maximise(rows, columns(), penalty, control, start);
  if (result.hit_boundary && !penalty.adjusts_score()) {
    result = from_inside(rows, penalty, control, execution, start, std::move(result));
  }
  return result;
}

Likelihood Problem::phase_one() const {
  return completed({kPhaseOne});
}

Likelihood Problem::completed(Likelihood likelihood) const {
  likelihood.domain = family_->domain();
  likelihood.link = model_.likelihood.link;
  likelihood.cuts = model_.likelihood.cuts;
  return likelihood;
}

double Problem::damping_at(const Vector& start, const Execution& execution) const {
  Likelihood likelihood = model_.likelihood;
  if (family_->bounded()) likelihood = phase_one();
  return sound_damping(damped_rows(likelihood, execution), start);
}

Result Problem::from_inside(Evaluator& rows,
                            const Penalty& penalty,
                            const Control& control,
                            const Execution& execution,
                            const Vector& start,
                            Result cut) const {
  const auto barrier_fit = [&](double strength, const Vector& beta) {
    Likelihood with_barrier = model_.likelihood;
    with_barrier.barrier = strength;
    const std::unique_ptr<Evaluator> inside = evaluator(execution, with_barrier);
    Control inner;
    inner.conditions.domain = family_->domain();
    inner.conditions.aliased = control.conditions.aliased;
    inner.conditions.fixed = control.conditions.fixed;
    return maximise(*inside, columns(), penalty, inner, beta);
  };
  return maximise_from_inside(
      rows, columns(), penalty, control, barrier_fit, start, std::move(cut));
}

DampedRows Problem::damped_rows(const Likelihood& likelihood, const Execution& execution) const {
  return [this, execution, likelihood](double damping) {
    Likelihood damped = likelihood;
    damped.damping = damping;
    return evaluator(execution, damped);
  };
}

}  // namespace fastlogit
