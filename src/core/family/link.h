// Links in logs: what eta says about the two outcomes, success (mu) and failure (nu = 1 - mu).
//
// A link is a struct with
//   canonical                   whether its expected and observed information are the same,
//   concave                     whether the log-probabilities of both outcomes are, in eta;
//   domain, contains(eta)       where eta has to be for 0 < mu < 1, and whether it is there,
//   at<derivatives>(eta)        both outcomes, with at least so many (0, 1 or 2) derivatives of
//                               their log-probabilities.
// Working with log mu and log nu, each from eta alone and never from a rounded mu, keeps the tails
// finite without clamping mu, which would change the likelihood.
//
// All values are good to a few units in the last place, save where the function itself magnifies
// the rounding of its argument: nu and what follows from it under cloglog (relative error about
// exp(eta) units, less than what the rounding of eta causes), and the curvature under cauchit next
// to its zeros.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "../types.h"

namespace fastlogit {

struct Outcome {
  double probability = 0.0;
  double log_probability = 0.0;
  double slope = 0.0;      // d log_probability / d eta
  double curvature = 0.0;  // d^2 log_probability / d eta^2
};

struct LinkPoint {
  Outcome success;
  Outcome failure;
};

// What most links have in common; a link that differs declares its own.
struct LinkDefaults {
  static constexpr bool canonical = false;
  static constexpr bool concave = true;
  static constexpr Domain domain{};
  static constexpr bool contains(double) { return true; }
};

// factor * value where a zero wins over an infinity: an outcome that was not seen, or whose slope
// has underflowed, contributes nothing.
inline double product(const double factor, const double value) {
  return factor == 0.0 || value == 0.0 ? 0.0 : factor * value;
}

// For a link with mu(-eta) = nu(eta): the less and the more probable outcome at |eta|, with
// derivatives in the direction that makes them more probable, put where the sign of eta says.
inline LinkPoint by_sign(const double eta, const Outcome& rare, const Outcome& common) {
  LinkPoint point = eta < 0.0 ? LinkPoint{rare, common} : LinkPoint{common, rare};
  point.failure.slope = -point.failure.slope;
  return point;
}

// Where exp(-x) is one half: on either side the smaller of it and its complement is computed and
// the larger is 1 minus that, so nothing cancels.
constexpr double kLog2 = 0.69314718055994531;

// mu = 1 / (1 + exp(-eta)), given odds = exp(-|eta|) and log(1 + odds), which LinkBlock has for
// many rows.
struct LogitLink : LinkDefaults {
  static constexpr bool canonical = true;

  static LinkPoint from(const double eta, const double odds, const double log_total) {
    const double common = 1.0 / (1.0 + odds);
    const double rare = odds * common;
    const double mu = eta < 0.0 ? rare : common;
    const double nu = eta < 0.0 ? common : rare;
    const double curvature = -rare * common;
    return {{mu, std::min(eta, 0.0) - log_total, nu, curvature},
            {nu, -std::max(eta, 0.0) - log_total, -mu, curvature}};
  }
};

// mu = Phi(eta).
struct ProbitLink : LinkDefaults {
  template <int derivatives>
  static LinkPoint at(const double eta) {
    const double x = std::abs(eta);
    const double phi = density(x);
    const bool far = x >= 5.0;
    // From 2 on phi / Phi(-x) - x cancels; before, the continued fraction needs too many terms.
    const bool cancels = far || (derivatives > 1 && x >= 2.0);
    double excess = cancels ? hazard_excess(x) : 0.0;
    Outcome rare, common;
    if (far) {
      rare.slope = x + excess;
      rare.probability = phi / rare.slope;
      rare.log_probability = -0.5 * x * x - std::log(kSqrt2Pi * rare.slope);
    } else {
      rare.probability = tail(x, phi);
      rare.log_probability = std::log(rare.probability);
      rare.slope = phi / rare.probability;
      if (!cancels) excess = std::fma(-x, rare.probability, phi) / rare.probability;
    }
    common.probability = 1.0 - rare.probability;
    common.log_probability = std::log1p(-rare.probability);
    common.slope = phi / common.probability;
    rare.curvature = -rare.slope * excess;
    common.curvature = -common.slope * (common.slope + x);
    return by_sign(eta, rare, common);
  }

 private:
  static constexpr double kSqrt2Pi = 2.5066282746310005;

  // phi(x). The rounding of x^2 would cost x^2 / 4 units in the last place, so it is put back.
  static double density(const double x) {
    if (x > 40.0) return 0.0;  // below the smallest double
    const double square = x * x;
    const double rounding = std::fma(x, x, -square);
    return std::exp(-0.5 * square) * (1.0 - 0.5 * rounding) / kSqrt2Pi;
  }

  // Phi(-x) = erfc(x / sqrt 2) / 2 to first order in the rounding of x / sqrt 2, which erfc
  // magnifies: d/dz erfc(z) / 2 = -sqrt 2 phi(x).
  static double tail(const double x, const double phi) {
    constexpr double kSqrtHalf = 0.70710678118654752;
    constexpr double kSqrtHalfRest = -4.8336466567264565e-17;  // sqrt(1 / 2) - kSqrtHalf
    const double z = x * kSqrtHalf;
    const double rounding = std::fma(x, kSqrtHalf, -z) + x * kSqrtHalfRest;
    return 0.5 * std::erfc(z) - 2.0 * kSqrtHalf * phi * rounding;
  }

  // phi(x) / Phi(-x) - x = 1 / (x + 2 / (x + 3 / (x + ...))), Laplace's continued fraction
  // (Abramowitz and Stegun 26.2.14). The number of terms gives full precision for x >= 2; found by
  // trial.
  static double hazard_excess(const double x) {
    double excess = 0.0;
    const int terms = 7 + static_cast<int>((40.0 + 392.0 / x) / x);
    for (int k = terms; k > 0; --k) excess = k / (x + excess);
    return excess;
  }
};

// mu = 1 - exp(-exp(eta)), so that log nu = -exp(eta).
struct CloglogLink : LinkDefaults {
  template <int derivatives>
  static LinkPoint at(const double eta) {
    const double hazard = std::exp(eta);
    const Outcome success =
        hazard < kLog2 ? small<derivatives>(eta, hazard) : large<derivatives>(hazard);
    const double nu = hazard < kLog2 ? 1.0 - success.probability : std::exp(-hazard);
    return {success, {nu, -hazard, -hazard, -hazard}};
  }

 private:
  // With z = hazard / 2: slope = hazard / (exp(hazard) - 1) = z coth z - z, and curvature = slope
  // times 1 - hazard - slope = -z - (z coth z - 1). That last bracket is Lambert's continued
  // fraction z^2 / (3 + z^2 / (5 + z^2 / (7 + ...))), which to 13 is exact to rounding for z <
  // log(2) / 2.
  template <int derivatives>
  static Outcome small(const double eta, const double hazard) {
    Outcome success;
    success.probability = -std::expm1(-hazard);
    // Below -37 mu is exp(eta) to rounding, and may underflow.
    success.log_probability = eta < -37.0 ? eta : std::log(success.probability);
    if constexpr (derivatives > 0) {
      const double z = 0.5 * hazard;
      double bracket = 0.0;
      for (int k = 13; k > 1; k -= 2) bracket = z * z / (k + bracket);
      success.slope = 1.0 - (z - bracket);
      success.curvature = -success.slope * (z + bracket);
    }
    return success;
  }

  template <int derivatives>
  static Outcome large(const double hazard) {
    const double nu = std::exp(-hazard);
    Outcome success;
    success.probability = 1.0 - nu;
    success.log_probability = std::log1p(-nu);
    if constexpr (derivatives > 0) {
      success.slope = product(nu, hazard) / success.probability;
      success.curvature = product(success.slope, 1.0 - hazard - success.slope);
    }
    return success;
  }
};

// mu = 1 / 2 + atan(eta) / pi. With x = |eta| the rare outcome has probability angle / pi, where
// angle = atan(1 / x), and slope 1 / ((1 + x^2) angle); x * angle <= 1 keeps x^2 from overflowing.
struct CauchitLink : LinkDefaults {
  static constexpr bool concave = false;

  template <int derivatives>
  static LinkPoint at(const double eta) {
    constexpr double kPi = 3.14159265358979324;
    const double x = std::abs(eta);
    const double angle = std::atan2(1.0, x);
    Outcome rare, common;
    rare.probability = angle / kPi;
    rare.log_probability = std::log(rare.probability);
    common.probability = 1.0 - rare.probability;
    common.log_probability = std::log1p(-rare.probability);
    if constexpr (derivatives > 0) {
      const double scaled = x * angle;
      rare.slope = 1.0 / (angle + x * scaled);
      rare.curvature = rare.slope * rare.slope * (2.0 * scaled - 1.0);
      common.slope = rare.slope * rare.probability / common.probability;
      common.curvature = -common.slope * (2.0 * rare.slope * scaled + common.slope);
    }
    return by_sign(eta, rare, common);
  }
};

// mu = exp(eta), for eta < 0 only.
struct LogLink : LinkDefaults {
  static constexpr Domain domain{-std::numeric_limits<double>::infinity(), 0.0};
  static constexpr bool contains(const double eta) { return eta < 0.0; }

  template <int derivatives>
  static LinkPoint at(const double eta) {
    const bool common = eta > -kLog2;
    Outcome failure;
    double mu;
    if (common) {
      failure.probability = -std::expm1(eta);
      failure.log_probability = std::log(failure.probability);
      mu = 1.0 - failure.probability;
    } else {
      mu = std::exp(eta);
      failure.probability = 1.0 - mu;
      failure.log_probability = std::log1p(-mu);
    }
    failure.slope = -mu / failure.probability;
    failure.curvature = failure.slope / failure.probability;
    return {{mu, eta, 1.0, 0.0}, failure};
  }
};

// mu = eta, for 0 < eta < 1 only.
struct IdentityLink : LinkDefaults {
  static constexpr Domain domain{0.0, 1.0};
  static constexpr bool contains(const double eta) { return 0.0 < eta && eta < 1.0; }

  template <int derivatives>
  static LinkPoint at(const double eta) {
    const double nu = 1.0 - eta;
    const double up = 1.0 / eta;
    const double down = -1.0 / nu;
    return {{eta, std::log(eta), up, -up * up}, {nu, std::log1p(-eta), down, -down * down}};
  }
};

// mu = exp(-exp(-eta)): cloglog with the outcomes exchanged.
struct LoglogLink : LinkDefaults {
  template <int derivatives>
  static LinkPoint at(const double eta) {
    LinkPoint point = CloglogLink::at<derivatives>(-eta);
    std::swap(point.success, point.failure);
    point.success.slope = -point.success.slope;
    point.failure.slope = -point.failure.slope;
    return point;
  }
};

}  // namespace fastlogit
