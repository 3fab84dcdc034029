#include "profile_trace.h"

#include "tuning.h"

namespace fastlogit {

ProfileTrace::ProfileTrace(const Maximum& maximum, Index coefficient)
    : maximum_(&maximum),
      coefficient_(coefficient),
      tangent_(Vector::Unit(maximum.beta().size(), coefficient)) {
  if (!maximum_->curved()) return;
  tangent_ = maximum_->solve(tangent_);
  variance_ = tangent_[coefficient_];
  tangent_ /= variance_;
}

Vector ProfileTrace::from(const Vector& beta, double value) const {  // along the tangent
  return beta + (value - beta[coefficient_]) * tangent_;
}

double ProfileTrace::root(double loglik) const {
  return std::sqrt(std::max(0.0, 2.0 * (maximum_->loglik() - loglik)));
}

double ProfileTrace::root(double loglik, double slope, double distance) const {
  const double fall = maximum_->loglik() - loglik;
  if (fall > kFallLost * std::fabs(maximum_->loglik())) return root(loglik);
  return std::sqrt(std::max(0.0, -slope * distance));
}

ProfileTrace::Correction ProfileTrace::correction(const Vector& score) const {
  const Vector free = maximum_->free_part(score);
  Vector step = maximum_->solve(free);
  const double along = step[coefficient_];
  const double total = free.dot(step);
  // Of a larger one, rounding leaves nothing of the gain.
  const double gain = total < kLargestGain ? 0.5 * (total - along * along / variance_)
                                           : std::numeric_limits<double>::infinity();
  step -= along * tangent_;
  step[coefficient_] = 0.0;
  return {std::move(step), std::max(0.0, gain), along / variance_};
}

void Higher::see(double by, const Vector& at) {
  if (!(by > excess)) return;
  excess = by;
  beta = at;
}

ProfileIteration::ProfileIteration(const ProfileTrace& trace, Vector start)
    : trace_(&trace), beta_(std::move(start)), running_(trace.maximum().stationary()) {}

void ProfileIteration::take(const Moments& moments) {
  running_ = std::isfinite(moments.loglik) && passes_++ < kTracePasses;
  if (!running_) return;
  higher_.see(moments.loglik - trace_->maximum().loglik(), beta_);
  advance(moments);
}

void ProfileIteration::end(bool converged) {
  running_ = false;
  converged_ = converged;
}

void PointIteration::advance(const Moments& moments) {
  const ProfileTrace::Correction here = trace_->correction(moments.score);
  const double size = std::sqrt(2.0 * here.gain);
  if (!(size <= kTraceShrinks * last_)) return end(false);
  beta_ += here.rest;
  loglik_ = moments.loglik + here.gain;
  const double rate = std::isfinite(last_) ? size / last_ : 1.0;
  last_ = size;
  if (rate * size <= kTraceClose) end(true);
}

EndIteration::EndIteration(const ProfileTrace& trace, double side, double quantile)
    : EndIteration(trace, side, quantile, quantile * std::sqrt(trace.variance()), {}, 0.0) {}

EndIteration EndIteration::opposite() const {
  if (!converged()) return EndIteration(*trace_, -side_, quantile_);
  // The departure of the trace from the tangent is nearly even in the distance.
  const Vector departure = beta_ - trace_->maximum().beta() - side_ * distance_ * trace_->tangent();
  return EndIteration(*trace_, -side_, quantile_, opposite_distance(), departure, change_);
}

void EndIteration::advance(const Moments& moments) {
  const ProfileTrace::Correction here = trace_->correction(moments.score);
  const double from_estimate = beta_[trace_->coefficient()] - trace_->estimate();
  const double z = trace_->root(moments.loglik + here.gain, here.slope, from_estimate);
  slope_ = -side_ * here.slope / z;
  if (!(z > 0.0 && slope_ > 0.0)) return end(false);
  const double missing = quantile_ - z;
  const double aside = std::sqrt(2.0 * here.gain);
  const double size = aside + std::fabs(missing);
  if (!(size <= kTraceShrinks * last_)) return end(false);
  beta_ += here.rest + side_ * missing / slope_ * trace_->tangent();
  distance_ = side_ * (beta_[trace_->coefficient()] - trace_->estimate());
  // A departure that was foreseen tells nothing, what was seen on the other side does.
  const double steeper = std::fabs(slope_ * std::sqrt(trace_->variance()) - 1.0);
  change_ = std::max({change_, 2.0 * aside / z, 2.0 * steeper});
  const double error = change_ * (0.5 * size * size / z + change_ * std::fabs(missing));
  const double trust = std::min(1.0, kTrusted / change_);  // of the first order in it
  last_ = size;
  if (error <= trust * kEndClose) end(true);
}

EndIteration::EndIteration(const ProfileTrace& trace,
                           double side,
                           double quantile,
                           double guess,
                           const Vector& departure,
                           double change)
    : ProfileIteration(trace, trace.maximum().beta() + side * guess * trace.tangent()),
      side_(side),
      quantile_(quantile),
      change_(change),
      last_(quantile / kTraceShrinks) {
  if (departure.size() > 0) beta_ += departure;
}

double EndIteration::opposite_distance() const {
  const double a = 1.0 / std::sqrt(trace_->variance());
  const double t = distance_;
  const double c = (slope_ * t - 2.0 * quantile_ + a * t) / (t * t * t);
  const double b = (quantile_ - a * t - c * t * t * t) / (t * t);
  double x = t;
  for (int i = 0; i < 10; ++i) {
    x -= (((c * x - b) * x + a) * x - quantile_) / ((3.0 * c * x - 2.0 * b) * x + a);
  }
  return 0.5 * t < x && x < 2.0 * t ? x : t;
}

}  // namespace fastlogit
