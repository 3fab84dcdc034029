#include "refits.h"

#include <utility>

namespace fastlogit {

Result refit(const Problem& problem,
             const StartCandidate& start,
             const Options& options,
             std::vector<bool> fixed) {
  const std::unique_ptr<Evaluator> rows =
      problem.evaluator(problem.all_threads(), problem.likelihood());
  Control control;
  control.options = options;
  control.conditions.unit = problem.scale();
  control.conditions.domain = problem.family().domain();
  control.conditions.fixed = std::move(fixed);
  const std::unique_ptr<Penalty> penalty = problem.penalty();
  return find_maximum({start}, problem, *penalty, control, *rows).result;
}

void refit_each(Index fits,
                const StartCandidate& start,
                const Options& options,
                const Execution& all_threads,
                const ProblemMaker& make,
                const SolutionTaker& take) {
  const auto fit = [&](Index number, const Heartbeat& heartbeat) {
    const std::unique_ptr<Problem> problem = make(number, {1, heartbeat});
    take(number, *problem, refit(*problem, start, options));
  };
  run_side_by_side(fits, all_threads.threads, fit, all_threads.heartbeat);
}

}  // namespace fastlogit
