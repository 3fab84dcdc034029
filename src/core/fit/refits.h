// Many fits of one design, side by side: of resampled rows, without some of them, or with one more
// column. What a fit differs by is a problem of its own, made when its turn comes by the thread
// that fits it: so there are as many copies of rows as threads, and any number of them gives the
// same bits. All begin at the same place, the estimate of the fit that they are variations of.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "ways.h"

namespace fastlogit {

// Both are called by several threads at a time, for each fit once.
using ProblemMaker = std::function<std::unique_ptr<Problem>(Index fit, const Execution&)>;
using SolutionTaker = std::function<void(Index fit, const Problem&, const Result&)>;

// One of them, from `start`. fixed: see Conditions.
Result refit(const Problem& problem,
             const StartCandidate& start,
             const Options& options,
             std::vector<bool> fixed = {});

void refit_each(Index fits,
                const StartCandidate& start,
                const Options& options,
                const Execution& all_threads,
                const ProblemMaker& make,
                const SolutionTaker& take);

}  // namespace fastlogit
