#include "profile.h"

#include "tuning.h"

namespace fastlogit {

double root_of_fall(double height, double loglik) {
  return std::sqrt(std::max(0.0, 2.0 * (height - loglik)));
}

EndByFits::EndByFits(const HeldFits& fits, Index coefficient, double height, double quantile)
    : fits_(fits), j_(coefficient), height_(height), quantile_(quantile) {}

double EndByFits::find(const Vector& start, const Vector& tangent, double side, RisingRoot search) {
  near_ = start;
  before_ = start - tangent;
  const double from = start[j_];
  const auto fallen = [&](double distance) { return fall(from + side * distance, tangent); };
  const double distance = search.find(fallen);
  if (!std::isfinite(distance) || search.at_edge()) return distance;
  // The end is there if a fit that has converged says so.
  const bool holds = std::fabs(fallen(distance)) <= kEndHolds * quantile_ && sure_;
  return holds ? distance : std::numeric_limits<double>::quiet_NaN();
}

double EndByFits::fall(double value, const Vector& tangent) {
  const double fraction = (value - near_[j_]) / (near_[j_] - before_[j_]);
  Vector start = std::fabs(fraction) <= 4.0 ? Vector(near_ + fraction * (near_ - before_))
                                            : Vector(near_ + (value - near_[j_]) * tangent);
  start[j_] = value;
  Held here = fits_.fit(start, {j_});
  sure_ = here.sure;
  if (!here.found) return std::numeric_limits<double>::quiet_NaN();
  higher_.see(here.loglik - height_, here.beta);
  if (here.beta[j_] != near_[j_]) before_ = std::exchange(near_, std::move(here.beta));
  return root_of_fall(height_, here.loglik) - quantile_;
}

double end_of_limit(const HeldFits& fits,
                    Vector start,
                    Index coefficient,
                    double side,
                    double height,
                    double quantile) {
  Held from = fits.fit(start, {coefficient});
  double step = kMuch;
  for (int i = 0; !(root_of_fall(height, from.loglik) <= kLimitWithin * quantile);
       ++i, step *= 2.0) {
    if (i == kLimitSteps) return std::numeric_limits<double>::quiet_NaN();
    if (from.found) start = from.beta;
    start[coefficient] -= side * step;
    from = fits.fit(start, {coefficient});
  }
  const RisingRoot search(
      root_of_fall(height, from.loglik) - quantile, kMuch, std::numeric_limits<double>::infinity());
  const Vector tangent = Vector::Unit(start.size(), coefficient);
  EndByFits end(fits, coefficient, height, quantile);
  return from.beta[coefficient] + side * end.find(from.beta, tangent, side, search);
}

Profile::Profile(Evaluator& rows, const ProfileTrace& trace, const HeldFits& fits)
    : rows_(rows), trace_(trace), maximum_(trace.maximum()), j_(trace.coefficient()), fits_(fits) {}

std::vector<Held> Profile::grid(double step, double quantile, Index most) {
  std::vector<Held> points;
  Vector before = maximum_.beta();
  Vector next = before + step * trace_.tangent();
  while (static_cast<Index>(points.size()) < most) {
    next[j_] = trace_.estimate() + static_cast<double>(points.size() + 1) * step;
    Held here = hold(next);
    if (!here.found) break;
    next = 2.0 * here.beta - before;
    before = here.beta;
    points.push_back(std::move(here));
    if (trace_.root(points.back().loglik) >= quantile) break;
  }
  return points;
}

double Profile::end(double side, double quantile) {
  const double guess =
      maximum_.stationary() ? std::min(kMuch, quantile * std::sqrt(trace_.variance())) : kMuch;
  EndByFits end(fits_, j_, maximum_.loglik(), quantile);
  const RisingRoot search(-quantile, guess, kMuch + std::fabs(trace_.estimate()));
  const double distance = end.find(maximum_.beta(), trace_.tangent(), side, search);
  higher_.see(end.higher().excess, end.higher().beta);
  return distance;
}

bool Profile::is_end(double side, double distance, double quantile) {
  const double value = trace_.estimate() + side * distance;
  const Held held = maximise(trace_.from(maximum_.beta(), value));
  return trace_.root(held.loglik) >= (1.0 - kSameRoot) * quantile;
}

Held Profile::maximise(const Vector& start) {
  Held held = fits_.fit(start, {j_});
  if (held.found) higher_.see(held.loglik - maximum_.loglik(), held.beta);
  return held;
}

Held Profile::hold(const Vector& start) {
  PointIteration iteration(trace_, start);
  while (iteration.running()) {
    iteration.take(maximum_.moments_at(rows_, iteration.beta(), Order::gradient));
  }
  higher_.see(iteration.higher().excess, iteration.higher().beta);
  const bool there = iteration.converged() && fits_.unimodal();
  return there ? Held{true, iteration.beta(), iteration.loglik(), true} : maximise(start);
}

}  // namespace fastlogit
