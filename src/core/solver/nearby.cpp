#include "nearby.h"

#include <utility>

#include "tuning.h"

namespace fastlogit {

namespace {

Vector free_part(Vector v, const std::vector<bool>& left_out) {
  for (Index j = 0; j < v.size(); ++j) {
    if (left_out[j]) v[j] = 0.0;
  }
  return v;
}

// Without a doubt about what depends on what?
bool factorise(const Moments& at, const std::vector<bool>& left_out, Cholesky& factor) {
  return factor.compute(at.information, left_out) && factor.smallest_pivot_ratio() > kSuspicious;
}

}  // namespace

std::optional<NearbyMaximum> climb_nearby(
    Evaluator& rows, Vector beta, double before, const std::vector<bool>& left_out, double unit) {
  Cholesky factor;
  for (int pass = 0; pass < kNearbyPasses; ++pass) {
    const Moments at = rows.total(MomentsSum(beta, Order::information, Curvature::observed));
    if (!(at.loglik >= before - kRounding * size_of(before))) return std::nullopt;
    before = at.loglik;
    if (!factorise(at, left_out, factor)) return std::nullopt;
    const Vector score = free_part(at.score, left_out);
    const Vector step = factor.solve(score);
    const double gain = 0.5 * step.dot(score);
    beta += step;
    if (2.0 * gain * unit > kNearbyClose * kNearbyClose) continue;
    if (step.lpNorm<1>() >= kCertificateStep) return std::nullopt;
    if (!rows.canonical()) {
      const MomentsSum there(beta, Order::information, Curvature::expected);
      if (!factor.compute(rows.total(there).information, left_out)) return std::nullopt;
    }
    return NearbyMaximum{std::move(beta), at.loglik + gain, std::move(factor)};
  }
  return std::nullopt;
}

}  // namespace fastlogit
