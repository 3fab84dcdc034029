#include "extended_problem.h"

#include <utility>

#include "../engine/memory_evaluator.h"

namespace fastlogit {

namespace {

Vector with_last(const Vector& numbers, double last) {
  Vector all(numbers.size() + 1);
  all << numbers, last;
  return all;
}

Model extended(const Model& model, double penalised) {
  Model larger = model;
  if (!model.penalty.empty()) larger.penalised = with_last(model.penalised, penalised);
  return larger;
}

}  // namespace

ExtendedProblem::ExtendedProblem(const SharedRows& shared,
                                 const Vector& column,
                                 double scale,
                                 double penalised,
                                 const double* weight,
                                 Execution execution)
    : Problem(extended(shared.model, penalised), std::move(execution)),
      shared_(shared),
      design_(shared.rows.design.with_column(column.data())),
      weight_(weight),
      scale_(with_last(shared.scale, scale)) {}

std::unique_ptr<Evaluator> ExtendedProblem::evaluator(const Execution& execution,
                                                      const Likelihood& likelihood,
                                                      Index thinning) const {
  Response response = shared_.rows.response;
  response.weight = weight_;
  return std::make_unique<MemoryEvaluator>(*design_,
                                           make_family(likelihood),
                                           response,
                                           shared_.rows.offset,
                                           execution.threads,
                                           execution.heartbeat,
                                           thinning);
}

}  // namespace fastlogit
