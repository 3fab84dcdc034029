// The probability of a class between two cuts: log(F(u) - F(v)) for u > v, F the distribution
// function of a link, with first and second derivatives in u and v.
//
// F(u) - F(v) cancels where cuts are close, and where both are far out in a tail. So each link has
// a form of its own, of the difference u - v or of the tails, in which nothing does.
#pragma once

#include <cmath>
#include <limits>

#include "../linalg/softplus.h"
#include "link.h"

namespace fastlogit {

struct Interval {
  double log_probability = 0.0;
  double du = 0.0;  // > 0
  double dv = 0.0;  // < 0
  double duu = 0.0;
  double dvv = 0.0;
  double duv = 0.0;  // > 0
};

// Below u, and above v: the classes at the ends.
inline Interval below(const Outcome& success) {
  return {success.log_probability, success.slope, 0.0, success.curvature, 0.0, 0.0};
}

inline Interval above(const Outcome& failure) {
  return {failure.log_probability, 0.0, failure.slope, 0.0, failure.curvature, 0.0};
}

// log(1 - exp(-d)) for d > 0, and its derivatives.
struct LogOfRest {
  // q: exp(-d), needed where d is not small.
  LogOfRest(const double d, const double q) {
    const bool narrow = d < kLog2;
    const double rest = narrow ? -std::expm1(-d) : 1.0 - q;
    value = narrow ? std::log(rest) : std::log1p(-q);
    common = 1.0 / rest;
    slope = (narrow ? 1.0 - rest : q) * common;
  }
  explicit LogOfRest(const double d) : LogOfRest(d, std::exp(-d)) {}

  double value;
  double slope;   // 1 / (exp(d) - 1)
  double common;  // 1 / (1 - exp(-d)) = 1 + slope
  double curvature() const { return -slope * common; }
};

// The logit of a point.
inline LinkPoint logit_at(const double eta) {
  const double odds = std::exp(-std::abs(eta));
  return LogitLink::from(eta, odds, std::log1p(odds));
}

template <class Link>
struct IntervalOf;

// F(u) - F(v) = F(u) (1 - F(v)) (1 - exp(v - u)).
template <>
struct IntervalOf<LogitLink> {
  static LinkPoint point(const double eta) { return logit_at(eta); }

  static Interval between(const double u, const double v) {
    return from(logit_at(u), logit_at(v), LogOfRest(u - v));
  }

  static Interval from(const LinkPoint& at_u, const LinkPoint& at_v, const LogOfRest& rest) {
    const double shared = -rest.curvature();
    return {at_u.success.log_probability + at_v.failure.log_probability + rest.value,
            at_u.success.slope + rest.slope,
            at_v.failure.slope - rest.slope,
            at_u.success.curvature - shared,
            at_v.failure.curvature - shared,
            shared};
  }
};

// With hazards h = exp(eta) and d = h_u - h_v, F(u) - F(v) = exp(-h_v) (1 - exp(-d)).
template <>
struct IntervalOf<CloglogLink> {
  static LinkPoint point(const double eta) { return CloglogLink::at<2>(eta); }

  static Interval between(const double u, const double v) {
    const double hv = std::exp(v);
    const double hu = std::exp(u);
    const double d = hv * std::expm1(u - v);
    const LogOfRest rest(d);
    const double du = product(rest.slope, hu);
    // 1 - h_u / (1 - exp(-d)), in which h_u = h_v + d.
    const double bend = -(hv + excess(d)) * rest.common;
    return {rest.value - hv,
            du,
            -hv * rest.common,
            product(du, bend),
            -hv * rest.common - product(du, hv * hv / hu) * rest.common,
            product(du, hv) * rest.common};
  }

 private:
  // d - 1 + exp(-d)
  static double excess(const double d) {
    if (d > 0.5) return d + std::expm1(-d);
    double series = 0.0;
    for (int k = 16; k >= 2; --k) series = (1.0 - series) * d / k;
    return series * d;
  }
};

// The mirror of cloglog: F(eta) = 1 - C(-eta).
template <>
struct IntervalOf<LoglogLink> {
  static LinkPoint point(const double eta) { return LoglogLink::at<2>(eta); }

  static Interval between(const double u, const double v) {
    const Interval mirror = IntervalOf<CloglogLink>::between(-v, -u);
    return {mirror.log_probability, -mirror.dv, -mirror.du, mirror.dvv, mirror.duu, mirror.duv};
  }
};

// What follows from the log-probability p, the log-densities at both ends, and their slopes.
inline Interval from_densities(const double p,
                               const double log_fu,
                               const double log_fv,
                               const double slope_u,
                               const double slope_v) {
  const double du = std::exp(log_fu - p);
  const double dv = -std::exp(log_fv - p);
  return {p, du, dv, du * (slope_u - du), dv * (slope_v - dv), -du * dv};
}

// The tails of the side where both points are, or the Taylor series about their middle.
template <>
struct IntervalOf<ProbitLink> {
  static LinkPoint point(const double eta) { return ProbitLink::at<2>(eta); }

  static Interval between(const double u, const double v) {
    return from_densities(log_probability(u, v), log_density(u), log_density(v), -u, -v);
  }

 private:
  static double log_density(const double x) { return -0.5 * x * x - 0.91893853320467274; }

  static double log_probability(const double u, const double v) {
    const double middle = 0.5 * u + 0.5 * v;
    const double half = 0.5 * (u - v);
    if (half < 0.25 && half * std::abs(middle) < 0.5) {
      return log_density(middle) + std::log(2.0 * half * series(middle, half));
    }
    const bool upper = middle > 0.0;
    const LinkPoint near = ProbitLink::at<0>(upper ? v : u);
    const LinkPoint far = ProbitLink::at<0>(upper ? u : v);
    const double larger = (upper ? near.failure : near.success).log_probability;
    const double smaller = (upper ? far.failure : far.success).log_probability;
    const double ratio = smaller - larger;
    return larger + (ratio > -kLog2 ? std::log(-std::expm1(ratio)) : std::log1p(-std::exp(ratio)));
  }

  // The mean of the density over middle -+ half, by the density in the middle: the sum of
  // He_2n(m) h^2n / (2n + 1)!, He the Hermite polynomials.
  static double series(const double m, const double h) {
    double before = 1.0, hermite = m;  // He_0, He_1
    double sum = 1.0, power = 1.0;
    for (int n = 1; n <= 12; ++n) {
      before = m * hermite - (2 * n - 1) * before;  // He_2n
      hermite = m * before - (2 * n) * hermite;     // He_2n+1
      power *= h * h / ((2 * n) * (2 * n + 1));
      sum += before * power;
    }
    return sum;
  }
};

template <>
struct IntervalOf<CauchitLink> {
  static LinkPoint point(const double eta) { return CauchitLink::at<2>(eta); }

  static Interval between(const double u, const double v) {
    const double p = std::log(std::atan2(u - v, 1.0 + u * v)) - kLogPi;
    return from_densities(p, log_density(u), log_density(v), slope(u), slope(v));
  }

 private:
  static constexpr double kLogPi = 1.1447298858494002;
  static double log_density(const double x) { return -std::log1p(x * x) - kLogPi; }
  static double slope(const double x) { return -2.0 * x / (1.0 + x * x); }
};

// The predictors around the classes of a block of rows, the upper ones in the first column; the
// logit computes what costs most for all of them at once.
template <class Link>
class IntervalBlock {
 public:
  explicit IntervalBlock(const ConstMatrixRef& eta) : eta_(eta) {}

  LinkPoint upper(const Index i) const { return IntervalOf<Link>::point(eta_(i, 0)); }
  LinkPoint lower(const Index i) const { return IntervalOf<Link>::point(eta_(i, 1)); }
  Interval between(const Index i) const {
    return IntervalOf<Link>::between(eta_(i, 0), eta_(i, 1));
  }

 private:
  ConstMatrixRef eta_;
};

template <>
class IntervalBlock<LogitLink> {
 public:
  explicit IntervalBlock(const ConstMatrixRef& eta)
      : eta_(eta), odds_(eta.rows(), 3), log_total_(eta.rows(), 3) {
    const Vector width = eta.col(0) - eta.col(1);
    take(eta.col(0).data(), 0);
    take(eta.col(1).data(), 1);
    take(width.data(), 2);
  }

  LinkPoint upper(const Index i) const { return point(i, 0); }
  LinkPoint lower(const Index i) const { return point(i, 1); }
  Interval between(const Index i) const {
    return IntervalOf<LogitLink>::from(
        upper(i), lower(i), LogOfRest(eta_(i, 0) - eta_(i, 1), odds_(i, 2)));
  }

 private:
  void take(const double* const eta, const Index j) {
    softplus(eta, odds_.rows(), odds_.col(j).data(), log_total_.col(j).data());
  }
  LinkPoint point(const Index i, const Index j) const {
    return LogitLink::from(eta_(i, j), odds_(i, j), log_total_(i, j));
  }

  ConstMatrixRef eta_;
  Matrix odds_;       // exp(-|.|) of both predictors and of their difference
  Matrix log_total_;  // log(1 + odds)
};

}  // namespace fastlogit
