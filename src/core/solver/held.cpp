#include "held.h"

#include "tuning.h"

namespace fastlogit {

HeldFits::HeldFits(Control control, HeldWays ways, bool unimodal)
    : control_(std::move(control)), ways_(std::move(ways)), unimodal_(unimodal) {}

Held HeldFits::fit(const Vector& start, const std::vector<Index>& held) const {
  Control control = control_;
  for (const Index j : held) control.conditions.fixed[j] = true;
  Held best = as_held(ways_.from(control, start));
  if (best.sure && unimodal_ && !best.on_edge) return best;
  const Vector plain = only_held(start, control);
  best = better_of(std::move(best), as_held(ways_.continued(control, plain)));
  if (best.sure && unimodal_) return best;
  return better_of(std::move(best), as_held(ways_.from(control, plain)));
}

Vector HeldFits::only_held(const Vector& start, const Control& control) {
  Vector beta = start;
  for (Index j = 0; j < beta.size(); ++j) {
    if (!control.conditions.fixed[j]) beta[j] = 0.0;
  }
  return beta;
}

Held HeldFits::as_held(Result result) {
  if (result.status == Status::infeasible) return {};
  const bool sure = has_ended_well(result.status);
  const double loglik = result.loglik + result.penalty;
  return {true, std::move(result.beta), loglik, sure, result.status == Status::boundary};
}

Held HeldFits::better_of(Held a, Held b) {
  if (!a.found || !b.found) return a.found ? a : b;
  const bool same = std::fabs(a.loglik - b.loglik) <= kSameHeight * (1.0 + std::fabs(a.loglik));
  if (same && a.sure != b.sure) return a.sure ? a : b;
  return b.loglik > a.loglik ? b : a;
}

}  // namespace fastlogit
