#include "evaluator.h"

namespace fastlogit {

double gradient_share(Index columns, Index predictors) {
  const double p = static_cast<double>(columns);
  const double q = static_cast<double>(predictors);
  const double score = q * (8.0 + p);
  const double information = q * (q + 1.0) / 2.0 * (p / 2.0 + p * p / 40.0);
  return score / (score + information);
}

}  // namespace fastlogit
