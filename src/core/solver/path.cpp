#include "path.h"

#include "tuning.h"

namespace fastlogit {

Path::Path(const Summit& summit, Index coefficient)
    : summit_(&summit),
      coefficient_(coefficient),
      tangent_(Vector::Unit(summit.beta().size(), coefficient)) {
  if (!summit_->curved()) return;
  tangent_ = summit_->solve(tangent_);
  variance_ = tangent_[coefficient_];
  tangent_ /= variance_;
}

Vector Path::from(const Vector& beta, double value) const {  // along the tangent
  return beta + (value - beta[coefficient_]) * tangent_;
}

double Path::root(double loglik) const {
  return std::sqrt(std::max(0.0, 2.0 * (summit_->loglik() - loglik)));
}

double Path::root(double loglik, double slope, double distance) const {
  const double fall = summit_->loglik() - loglik;
  if (fall > kFallLost * std::fabs(summit_->loglik())) return root(loglik);
  return std::sqrt(std::max(0.0, -slope * distance));
}

Path::Slide Path::slide(const Vector& score) const {
  const Vector free = summit_->free_part(score);
  Vector step = summit_->solve(free);
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

Walk::Walk(const Path& path, Vector start)
    : path_(&path), beta_(std::move(start)), going_(path.summit().stationary()) {}

void Walk::take(const Moments& moments) {
  going_ = std::isfinite(moments.loglik) && passes_++ < kWalkPasses;
  if (!going_) return;
  higher_.see(moments.loglik - path_->summit().loglik(), beta_);
  go(moments);
}

void Walk::end(bool arrived) {
  going_ = false;
  arrived_ = arrived;
}

void Glide::go(const Moments& moments) {
  const Path::Slide here = path_->slide(moments.score);
  const double size = std::sqrt(2.0 * here.gain);
  if (!(size <= kWalkShrinks * last_)) return end(false);
  beta_ += here.rest;
  loglik_ = moments.loglik + here.gain;
  const double rate = std::isfinite(last_) ? size / last_ : 1.0;
  last_ = size;
  if (rate * size <= kWalkClose) end(true);
}

Approach::Approach(const Path& path, double side, double quantile)
    : Approach(path, side, quantile, quantile * std::sqrt(path.variance()), {}, 0.0) {}

Approach Approach::opposite() const {
  if (!arrived()) return Approach(*path_, -side_, quantile_);
  // The departure of the path from the tangent is nearly even in the distance.
  const Vector departure = beta_ - path_->summit().beta() - side_ * distance_ * path_->tangent();
  return Approach(*path_, -side_, quantile_, opposite_distance(), departure, change_);
}

void Approach::go(const Moments& moments) {
  const Path::Slide here = path_->slide(moments.score);
  const double from_estimate = beta_[path_->coefficient()] - path_->estimate();
  const double z = path_->root(moments.loglik + here.gain, here.slope, from_estimate);
  slope_ = -side_ * here.slope / z;
  if (!(z > 0.0 && slope_ > 0.0)) return end(false);
  const double missing = quantile_ - z;
  const double aside = std::sqrt(2.0 * here.gain);
  const double size = aside + std::fabs(missing);
  if (!(size <= kWalkShrinks * last_)) return end(false);
  beta_ += here.rest + side_ * missing / slope_ * path_->tangent();
  distance_ = side_ * (beta_[path_->coefficient()] - path_->estimate());
  // A departure that was foreseen tells nothing, what was seen on the other side does.
  const double steeper = std::fabs(slope_ * std::sqrt(path_->variance()) - 1.0);
  change_ = std::max({change_, 2.0 * aside / z, 2.0 * steeper});
  const double error = change_ * (0.5 * size * size / z + change_ * std::fabs(missing));
  const double trust = std::min(1.0, kTrusted / change_);  // of the first order in it
  last_ = size;
  if (error <= trust * kEndClose) end(true);
}

Approach::Approach(const Path& path,
                   double side,
                   double quantile,
                   double guess,
                   const Vector& departure,
                   double change)
    : Walk(path, path.summit().beta() + side * guess * path.tangent()),
      side_(side),
      quantile_(quantile),
      change_(change),
      last_(quantile / kWalkShrinks) {
  if (departure.size() > 0) beta_ += departure;
}

double Approach::opposite_distance() const {
  const double a = 1.0 / std::sqrt(path_->variance());
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
