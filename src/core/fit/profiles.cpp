#include "profiles.h"

namespace fastlogit {

Profiles::Profiles(std::unique_ptr<Problem> problem, const Vector& coefficients)
    : held_(std::move(problem), coefficients),
      all_rows_(held_.evaluator(held_.problem().all_threads())),
      maximum_(maximum_at(held_.start())) {
  polish();
}

Matrix Profiles::ends(const std::vector<int>& which, double quantile) {
  Matrix distance(which.size(), 2);
  in_groups(which, [&](const std::vector<ProfileTrace>& traces, Index first) {
    std::vector<EndIteration> above, below;
    for (const ProfileTrace& trace : traces) above.emplace_back(trace, 1.0, quantile);
    iterate_together(maximum_, *all_rows_, above);
    for (const EndIteration& approach : above) below.push_back(approach.opposite());
    iterate_together(maximum_, *all_rows_, below);
    for (size_t i = 0; i < traces.size(); ++i) {
      const Index row = first + static_cast<Index>(i);
      distance(row, 0) = below[i].converged() ? below[i].distance() : kMissing;
      distance(row, 1) = above[i].converged() ? above[i].distance() : kMissing;
      see(below[i].higher());
      see(above[i].higher());
    }
  });
  each(which, in_doubt(distance), [&](Index task, const ProfileTrace&, Profile& profile) {
    for (const int column : {0, 1}) {
      const double side = column == 0 ? -1.0 : 1.0;
      double& end = distance(task, column);
      if (std::isnan(end) || !profile.is_end(side, end, quantile)) {
        end = profile.end(side, quantile);
      }
    }
  });
  return distance;
}

std::vector<Held> Profiles::at_zero(const std::vector<int>& which) {
  std::vector<Held> zero(which.size());
  Vector known(which.size());
  in_groups(which, [&](const std::vector<ProfileTrace>& traces, Index first) {
    std::vector<PointIteration> points;
    for (const ProfileTrace& trace : traces)
      points.emplace_back(trace, trace.from(maximum_.beta(), 0.0));
    iterate_together(maximum_, *all_rows_, points);
    for (size_t i = 0; i < traces.size(); ++i) {
      const Index at = first + static_cast<Index>(i);
      known[at] = points[i].converged() ? points[i].loglik() : kMissing;
      zero[at] = {points[i].converged(), points[i].beta(), points[i].loglik(), true};
      see(points[i].higher());
    }
  });
  each(which, in_doubt(known), [&](Index task, const ProfileTrace& trace, Profile& profile) {
    const Vector along = trace.from(maximum_.beta(), 0.0);
    Held held = profile.maximise(along);
    if (!zero[task].found || held.loglik > zero[task].loglik) zero[task] = std::move(held);
  });
  return zero;
}

Held Profiles::all_at_zero(const std::vector<int>& group) {
  std::vector<Index> coefficients;
  Vector start = maximum_.beta();
  for (const int j : group) {
    coefficients.push_back(j - 1);
    start[j - 1] = 0.0;
  }
  Held held = held_.fits(*all_rows_, problem().all_threads()).fit(start, coefficients);
  if (held.found) see({held.loglik - maximum_.loglik(), held.beta});
  return held;
}

Vector Profiles::better_solution() const {
  const HeldFits fits = held_.fits(*all_rows_, problem().all_threads());
  return fits.fit(higher_.beta.size() ? higher_.beta : maximum_.beta(), {}).beta;
}

Information Profiles::information(const Vector& beta) {
  Moments moments = all_rows_->total(MomentsSum(beta, Order::information, Curvature::expected));
  const Matrix own_coordinates;
  const Penalty& penalty = held_.penalty();
  if (!penalty.adjusts_score()) {
    penalty.apply(beta, {own_coordinates, maximum_.aliased()}, *all_rows_, moments);
  }
  return moments.information;
}

std::vector<Index> Profiles::in_doubt(const Matrix& found) const {
  const bool unimodal = held_.fits(*all_rows_, problem().all_threads()).unimodal();
  std::vector<Index> rows;
  for (Index i = 0; i < found.rows(); ++i) {
    if (!unimodal || found.row(i).hasNaN()) rows.push_back(i);
  }
  return rows;
}

Maximum Profiles::maximum_at(Vector beta) const {
  return {*all_rows_, held_.penalty(), std::move(beta), held_.aliased(), held_.left_out()};
}

void Profiles::polish() {
  constexpr double kLevel = 1e-11;  // of the deviance
  constexpr int kMost = 20;
  const HeldFits fits = held_.fits(*all_rows_, problem().all_threads());
  if (!std::isfinite(maximum_.loglik())) {
    Held inside = fits.fit(maximum_.beta(), {});
    if (inside.found) maximum_ = maximum_at(std::move(inside.beta));
  }
  const double loglik = maximum_.loglik();
  const bool possible = !problem().family().bounded() && held_.penalty().has_value();
  for (int i = 0; i < kMost && possible && !(maximum_.promise() <= kLevel); ++i) {
    Held higher = fits.fit(maximum_.beta(), {});
    if (!(higher.loglik > maximum_.loglik())) break;
    maximum_ = maximum_at(std::move(higher.beta));
  }
  gained_ = maximum_.loglik() - loglik;
}

}  // namespace fastlogit
