#include "boundary.h"

#include "tuning.h"

namespace fastlogit {

Result maximise_from_inside(Evaluator& rows,
                            Index columns,
                            const Penalty& penalty,
                            Control control,
                            const BarrierFit& fit,
                            Vector beta,
                            Result cut) {
  Vector best = cut.beta;
  double loglik = cut.loglik;
  double weakest = 1.0;  // of the barriers whose maximum is known
  for (double strength = kStrongestBarrier; strength >= kWeakestBarrier; strength /= 10.0) {
    const Result inside = fit(strength, beta);
    const double reached =
        rows.total(MomentsSum(inside.beta, Order::value, Curvature::expected)).loglik;
    if (!std::isfinite(reached)) break;
    beta = inside.beta;
    if (has_ended_well(inside.status)) weakest = strength;
    if (!(reached > loglik)) continue;
    const Index number = static_cast<Index>(cut.history.size()) + 1;
    const double decrement = inside.history.empty() ? 0.0 : inside.history.back().decrement;
    cut.history.push_back({number, reached, (beta - best).norm(), 0, decrement});
    control.options.trace(cut.history.back());
    best = beta;
    loglik = reached;
  }
  // The weights of rows at the edge are no measure of rank: what was aliased stays so, and nothing
  // else is.
  control.conditions.aliased = cut.aliased;
  control.options.method = Method::newton;  // expected information would turn away from the edge
  Result result = maximise(rows, columns, penalty, control, best);
  if (!has_ended_well(result.status) || result.hit_boundary) {
    control.options.maxit = 0;
    result = maximise(rows, columns, penalty, control, best);
    // Where coefficients grow without bound, no barrier has a maximum; the weakest ones may have
    // one that rounding hides.
    result.status = weakest <= kWeakBarrier ? Status::boundary : Status::diverging;
  }
  for (Iteration& iteration : result.history) {
    iteration.iteration = static_cast<Index>(cut.history.size()) + 1;
    cut.history.push_back(iteration);
  }
  result.history = std::move(cut.history);
  result.aliased = std::move(cut.aliased);
  return result;
}

}  // namespace fastlogit
