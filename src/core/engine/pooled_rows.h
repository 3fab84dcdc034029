// Rows that repeat, pooled: the different rows with the sums of their responses take the place of
// all the rows, and what is found there goes back to the rows.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "../design/design.h"
#include "patterns.h"
#include "pooled_responses.h"

namespace fastlogit {

// What is known of the rows before a fit.
struct Observations {
  const Design& design;
  Response response;
  const double* offset;  // n x q column by column, or null
  Index predictors;

  Numbers offset_of(Index predictor) const { return {offset + predictor * design.rows(), nullptr}; }
};

// None when the rows are not made of such vectors.
inline std::optional<Sources> sources_of(const Observations& rows) {
  Sources sources;
  if (!rows.design.add_sources(sources)) return std::nullopt;
  for (Index j = 0; rows.offset && j < rows.predictors; ++j) sources.add(rows.offset_of(j));
  return sources;
}

class PooledRows {
 public:
  // sources: of the design, and the offsets. The response has to outlive the pooled rows.
  PooledRows(const Observations& rows, const Sources& sources, Patterns patterns, int threads)
      : patterns_(std::move(patterns)),
        selection_(sources, patterns_.first),
        design_(rows.design.select(selection_)),
        responses_(rows.response, rows.predictors, patterns_, threads) {
    for (Index j = 0; rows.offset && j < rows.predictors; ++j) {
      const double* const selected = selection_.of(rows.offset_of(j)).doubles;
      offset_.insert(offset_.end(), selected, selected + design_->rows());
    }
  }

  const Design& design() const { return *design_; }
  Response response() const { return responses_.view(); }
  const double* offset() const { return offset_.empty() ? nullptr : offset_.data(); }

  // The weighted means of n numbers.
  Vector means(const double* values) const { return responses_.means(values); }

  // From the linear predictors and weights of the patterns to those of the rows, whose weights are
  // shares of their pattern's; weights may be empty.
  void expand(const ConstMatrixRef& eta_at_patterns,
              const ConstVectorRef& weight_at_patterns,
              MatrixRef eta,
              VectorRef weight) const {
    const std::vector<int>& pattern = patterns_.of_row;
    for (Index j = 0; j < eta.cols(); ++j) {
      for (Index i = 0; i < eta.rows(); ++i) eta(i, j) = eta_at_patterns(pattern[i], j);
    }
    if (weight.size() == 0) return;
    const Vector of_one = weight_at_patterns.cwiseQuotient(responses_.weight());
    for (Index i = 0; i < weight.size(); ++i) {
      const double w = responses_.weight_of_row(i);
      weight[i] = w > 0.0 ? w * of_one[pattern[i]] : 0.0;
    }
  }

 private:
  Patterns patterns_;
  Selection selection_;
  std::unique_ptr<Design> design_;
  PooledResponses responses_;
  std::vector<double> offset_;
};

// Null where too few rows are equal.
inline std::unique_ptr<PooledRows> pool_equal_rows(const Observations& rows,
                                                   int threads,
                                                   const Heartbeat& heartbeat) {
  const std::optional<Sources> sources = sources_of(rows);
  if (!sources) return nullptr;
  std::optional<Patterns> found =
      PatternFinder(*sources, rows.design.rows()).find(threads, heartbeat);
  if (!found) return nullptr;
  return std::make_unique<PooledRows>(rows, *sources, std::move(*found), threads);
}

}  // namespace fastlogit
