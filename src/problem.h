// All that a fit needs of the rows, in one place, as R hands it over.
#pragma once

#include <memory>
#include <utility>

#include "convert.h"
#include "core/engine/memory_evaluator.h"
#include "core/engine/pooled_rows.h"
#include "core/family/barrier.h"
#include "core/solver/boundary.h"

namespace fastlogit {

// Who works on a pass over the rows, and who is asked whether to go on.
struct Crew {
  int threads;
  Heartbeat heartbeat;
};

struct Problem {
  Problem(const Rcpp::List& design_list,
          const Rcpp::List& response_list,
          Index predictors,
          int number_of_threads)
      : design(design_list), response(response_list), threads(number_of_threads) {
    const double* const offset = data_or_null(response.offset);
    pooled = pool_equal_rows(
        {*design.design, response.view(), offset, predictors}, threads, UserInterrupt());
  }

  // The rows, or the patterns that stand for them.
  MemoryEvaluator rows(const Family& family, Response view, Index thinning = 1) const {
    return rows_by(all_threads(), family, view, thinning);
  }

  MemoryEvaluator rows_by(const Crew& crew,
                          const Family& family,
                          Response view,
                          Index thinning = 1) const {
    const Design& read = pooled ? pooled->design() : *design.design;
    const double* const offset = pooled ? pooled->offset() : data_or_null(response.offset);
    return {read, family, view, offset, crew.threads, crew.heartbeat, thinning};
  }

  Crew all_threads() const { return {threads, UserInterrupt()}; }

  Response responses() const { return pooled ? pooled->response() : response.view(); }

  Index columns() const { return design.scale.size(); }

  // Where the steps from `start` have been cut short at the edge of the link's domain.
  Result from_inside(const Family& family,
                     MemoryEvaluator& rows,
                     const Penalty& penalty,
                     const Control& control,
                     const Crew& crew,
                     const Vector& start,
                     Result cut) const {
    const auto barrier_fit = [&](double strength, const Vector& beta) {
      const BarrierFamily barrier(family, strength);
      MemoryEvaluator inside = rows_by(crew, barrier, responses());
      Control inner;
      inner.bounded = true;
      inner.aliased = control.aliased;
      inner.fixed = control.fixed;
      return Maximiser(inside, columns(), penalty, inner).run(beta);
    };
    return maximise_from_inside(
        rows, columns(), penalty, control, barrier_fit, start, std::move(cut));
  }

  DesignInput design;
  ResponseInput response;
  int threads;
  std::unique_ptr<PooledRows> pooled;  // null where rows do not repeat
};

}  // namespace fastlogit
