#include "evaluator.h"

namespace fastlogit {

double gradient_share(Index columns, Index predictors) {
  const double p = static_cast<double>(columns);
  const double q = static_cast<double>(predictors);
  const double score = q * (8.0 + p);
  const double information = q * (q + 1.0) / 2.0 * (p / 2.0 + p * p / 40.0);
  return score / (score + information);
}

std::vector<Moments> Evaluator::gradients(const std::vector<Vector>& points) {
  std::vector<Moments> all;
  for (const Vector& beta : points) {
    all.push_back(evaluate(beta, Order::gradient, Curvature::observed));
  }
  return all;
}

}  // namespace fastlogit
