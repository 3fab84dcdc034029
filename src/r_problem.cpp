#include "r_problem.h"

#include "cache_problem.h"
#include "callback_problem.h"
#include "memory_problem.h"

namespace fastlogit {

std::unique_ptr<Problem> problem_from(const Rcpp::List& rows) {
  if (rows.containsElementNamed("ask")) return std::make_unique<CallbackProblem>(rows);
  if (rows.containsElementNamed("cache")) return std::make_unique<CacheProblem>(rows);
  return std::make_unique<MemoryProblem>(rows);
}

}  // namespace fastlogit
