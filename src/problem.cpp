#include "problem.h"

#include "memory_problem.h"

namespace fastlogit {

std::unique_ptr<Problem> make_problem(const Rcpp::List& rows) {
  return std::make_unique<MemoryProblem>(rows);
}

}  // namespace fastlogit
