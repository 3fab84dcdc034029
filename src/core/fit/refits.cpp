#include "refits.h"

namespace fastlogit {

void refit_each(Index fits,
                const StartCandidate& start,
                const Options& options,
                const Execution& all_threads,
                const ProblemMaker& make,
                const SolutionTaker& take) {
  const auto fit = [&](Index number, const Heartbeat& heartbeat) {
    const std::unique_ptr<Problem> problem = make(number, {1, heartbeat});
    const std::unique_ptr<Evaluator> rows =
        problem->evaluator(problem->all_threads(), problem->likelihood());
    Control control;
    control.options = options;
    control.conditions.unit = problem->scale();
    control.conditions.domain = problem->family().domain();
    const std::unique_ptr<Penalty> penalty = problem->penalty();
    take(number, *problem, find_maximum({start}, *problem, *penalty, control, *rows).result);
  };
  run_side_by_side(fits, all_threads.threads, fit, all_threads.heartbeat);
}

}  // namespace fastlogit
