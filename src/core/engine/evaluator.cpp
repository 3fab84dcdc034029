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

// With 1 / c^2 rows for each coefficient, steps shrink to c of their length or so, and never to
// less than a fifth, as weights change on the way. A fit takes two drafts and as many scores as it
// takes steps to shrink to 1e-13, in place of two of three informations and some nine scores.
Draft cheapest_draft(const DraftSizes& sizes) {
  constexpr Index kFewestRows = 16;   // for each coefficient
  constexpr Index kFewestBlocks = 8;  // from everywhere
  constexpr double kDrafts = 2.0;
  constexpr double kScores = 9.0;
  constexpr double kSaved = 1.5;  // of the two, lest nothing is left of it
  constexpr double kBestContraction = 0.2;
  const double score = sizes.gradient_cost;
  const Index most = std::min(sizes.rows / (kFewestRows * sizes.size),
                              sizes.rows / (kFewestBlocks * sizes.block_rows));
  Draft cheapest;
  double least = kSaved;
  for (Index thinning = 2; thinning <= most; thinning *= 2) {
    const double share = 1.0 / static_cast<double>(thinning);
    const double contraction = std::max(
        kBestContraction, std::sqrt(static_cast<double>(sizes.size) / (share * sizes.rows)));
    const double scores = std::log(1e-13) / std::log(contraction) - kScores;
    const double total = kDrafts * share + scores * score;
    if (total >= least) continue;
    least = total;
    cheapest = {thinning, contraction};
  }
  return cheapest;
}

}  // namespace fastlogit
