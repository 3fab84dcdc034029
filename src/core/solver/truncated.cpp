#include "truncated.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "../sums/curvature.h"
#include "tuning.h"

namespace fastlogit {

bool are_worth_while(double product_cost) {
  return product_cost * kFewestProducts <= 1.0;
}

TruncatedDirection::TruncatedDirection(Evaluator& rows,
                                       const Penalty& penalty,
                                       const Iterate& here,
                                       Vector diagonal)
    : rows_(rows),
      penalty_(penalty),
      here_(here),
      diagonal_(std::move(diagonal)),
      weight_(diagonal_.maxCoeff()),
      products_left_(static_cast<Index>(1.0 / rows.product_cost())),
      length_(std::numeric_limits<double>::infinity()),
      newton_(rows.gradient_cost(), Draft()) {}

std::optional<Step> TruncatedDirection::find(Coordinates& coordinates,
                                             const Moments& at,
                                             double negligible) {
  if (at.information.size() > 0) products_left_ = 0;
  if (products_left_ == 0) return newton_.find(coordinates, at, negligible);
  const Vector score = coordinates.free_part(at.score);
  const Vector first = score.cwiseQuotient(diagonal_);
  // Of the linear predictors: what the step's second order leaves is about its square, and no
  // product is to make it better than that.
  const auto size = [&](double gain) { return std::sqrt(2.0 * gain / weight_); };
  const double about = size(0.5 * score.dot(first));
  const double least = kSurely * size(negligible);
  const double tolerance = std::clamp(about, std::min(kLoosest, least / about), kLoosest);
  Vector gamma = solve(coordinates, score, tolerance);
  const double gain = gamma.size() > 0 ? 0.5 * gamma.dot(score) : 0.0;
  const double length = std::sqrt(gain);
  // Where steps do not shrink the end has to be told from a slope without end by exact ones.
  const bool early = gain > kSmallGain * size_of(at.loglik);
  if (!(gain > 0.0) || (!early && length > kServes * length_)) {
    products_left_ = 0;
    return std::nullopt;
  }
  const double left = size(gain) * std::max(tolerance, size(gain));
  next_ = left <= least ? Order::information : Order::gradient;
  length_ = length;
  return Step{std::move(gamma), gain};
}

void TruncatedDirection::update(const Vector& gamma,
                                const Vector& old_score,
                                const Vector& new_score) {
  if (products_left_ == 0) newton_.update(gamma, old_score, new_score);
}

Vector TruncatedDirection::solve(const Coordinates& coordinates,
                                 const Vector& score,
                                 double tolerance) {
  Vector gamma = Vector::Zero(score.size());
  Vector rest = score;
  Vector scaled = rest.cwiseQuotient(diagonal_);
  Vector direction = scaled;
  double square = rest.dot(scaled);
  const double enough = tolerance * tolerance * square;
  const auto weights = std::make_shared<SharedWeights>();
  while (square > enough) {
    if (products_left_-- == 0) return {};
    const Vector product = times_information(coordinates, direction, weights);
    const double curvature = direction.dot(product);
    if (!(curvature > 0.0)) return {};
    gamma += square / curvature * direction;
    rest -= square / curvature * product;
    scaled = rest.cwiseQuotient(diagonal_);
    const double before = std::exchange(square, rest.dot(scaled));
    direction = scaled + square / before * direction;
  }
  return gamma;
}

Vector TruncatedDirection::times_information(const Coordinates& coordinates,
                                             const Vector& v,
                                             std::shared_ptr<SharedWeights> weights) const {
  const CurvatureSum product(here_.beta, here_.curvature, v, false, std::move(weights));
  return coordinates.free_part(rows_.total(product).products.col(0) + penalty_.curvature_times(v));
}

}  // namespace fastlogit
