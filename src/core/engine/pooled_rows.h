// Rows that repeat, pooled: the different rows with the sums of their responses take the place of
// all the rows, and what is found there goes back to the rows.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "../design/design.h"
#include "memory_evaluator.h"
#include "patterns.h"
#include "pooled_responses.h"

namespace fastlogit {

// What is known of the rows before a fit.
struct Observations {
  const Design& design;
  Response response;
  const double* offset;  // n x q column by column, or null
  Index predictors;      // q; of ordered classes 1, as all cuts share an offset
  bool ordered = false;  // equal rows are of one class then

  Numbers offset_of(Index predictor) const { return {offset + predictor * design.rows(), nullptr}; }
  Numbers classes() const { return {nullptr, response.category}; }
};

// None when the rows are not made of such vectors.
std::optional<Sources> sources_of(const Observations& rows);

class PooledRows {
 public:
  // sources: of the design, and the offsets. The response has to outlive the pooled rows.
  PooledRows(const Observations& rows, const Sources& sources, Patterns patterns, int threads);

  const Design& design() const { return *design_; }
  Response response() const { return responses_.view(); }
  const double* offset() const { return offset_.empty() ? nullptr : offset_.data(); }

  // Other responses of the rows of the same patterns, which have to outlive these.
  PooledResponses with_responses(const Response& rows, Index predictors) const {
    return {rows, predictors, patterns_, responses_.classes(), 1};
  }

  // The weighted means of n numbers.
  Vector means(const double* values) const { return responses_.means(values); }

  // As MemoryEvaluator::at_rows() of the patterns, for the rows: their weights are shares of their
  // pattern's.
  void at_rows(MemoryEvaluator& patterns,
               const Vector& beta,
               MatrixRef eta,
               VectorRef weight) const;

 private:
  Patterns patterns_;
  Selection selection_;
  std::unique_ptr<Design> design_;
  PooledResponses responses_;
  std::vector<double> offset_;
};

// Null where too few rows are equal.
std::unique_ptr<PooledRows> pool_equal_rows(const Observations& rows,
                                            int threads,
                                            const Heartbeat& heartbeat);

}  // namespace fastlogit
