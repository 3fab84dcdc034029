#include "evaluator.h"

#include <algorithm>
#include <cmath>

namespace fastlogit {

double gradient_share(Index columns, Index predictors) {
  const double p = static_cast<double>(columns);
  const double q = static_cast<double>(predictors);
  const double score = q * (8.0 + p);
  const double information = q * (q + 1.0) / 2.0 * (p / 2.0 + p * p / 40.0);
  return score / (score + information);
}

double sparse_gradient_share(double numbers, double work) {
  constexpr double kScattered = 3.0;  // an addition somewhere in memory
  const double score = 8.0 + numbers;
  return score / (score + kScattered * 0.5 * numbers * (numbers + 1.0) + work);
}

// With 1 / c^2 rows for each coefficient, steps with the information of a sample shrink to c of
// their length or so, and hardly to less than a tenth, as weights change on the way. A fit takes
// two drafts, or one and a half of all rows, and as many scores as it takes steps to shrink to
// 1e-13, in place of two of three informations and some nine scores.
Draft cheapest_draft(const DraftSizes& sizes) {
  constexpr Index kFewestRows = 16;   // for each coefficient
  constexpr Index kFewestBlocks = 8;  // from everywhere
  constexpr double kScores = 9.0;
  constexpr double kSaved = 1.5;  // of the two, lest nothing is left of it
  const double score = sizes.gradient_cost;
  const Index most = std::min(sizes.rows / (kFewestRows * sizes.size),
                              sizes.rows / (kFewestBlocks * sizes.block_rows));
  Draft cheapest;
  double least = kSaved;
  for (Index thinning = sizes.products_cost < 1.0 ? 1 : 2; thinning == 1 || thinning <= most;
       thinning *= 2) {
    const bool all = thinning == 1;
    const double drafts = all ? 1.5 : 2.0;
    const double share = sizes.products_cost / static_cast<double>(thinning);
    const double sampling =
        all ? 0.0 : std::sqrt(static_cast<double>(sizes.size * thinning) / sizes.rows);
    const double contraction = std::max(0.1, sampling);
    const double scores = std::log(1e-13) / std::log(contraction) - kScores;
    const double total = drafts * share + scores * score;
    if (total >= least) continue;
    least = total;
    cheapest = {thinning, contraction};
  }
  return cheapest;
}

}  // namespace fastlogit
