#include "problem.h"

#include "callback_evaluator.h"
#include "memory_problem.h"

namespace fastlogit {

std::unique_ptr<Problem> make_problem(const Rcpp::List& rows) {
  if (rows.containsElementNamed("ask")) return std::make_unique<CallbackProblem>(rows);
  return std::make_unique<MemoryProblem>(rows);
}

}  // namespace fastlogit
