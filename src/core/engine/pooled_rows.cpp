#include "pooled_rows.h"

namespace fastlogit {

std::optional<Sources> sources_of(const Observations& rows) {
  Sources sources;
  if (!rows.design.add_sources(sources)) return std::nullopt;
  for (Index j = 0; rows.offset && j < rows.predictors; ++j) sources.add(rows.offset_of(j));
  if (rows.ordered) sources.add(rows.classes());
  return sources;
}

PooledRows::PooledRows(const Observations& rows,
                       const Sources& sources,
                       Patterns patterns,
                       int threads)
    : patterns_(std::move(patterns)),
      selection_(sources, patterns_.first),
      design_(rows.design.select(selection_)),
      responses_(rows.response,
                 rows.predictors,
                 patterns_,
                 rows.ordered ? selection_.of(rows.classes()).integers : nullptr,
                 threads) {
  for (Index j = 0; rows.offset && j < rows.predictors; ++j) {
    const double* const selected = selection_.of(rows.offset_of(j)).doubles;
    offset_.insert(offset_.end(), selected, selected + design_->rows());
  }
}

void PooledRows::at_rows(MemoryEvaluator& patterns,
                         const Vector& beta,
                         MatrixRef eta,
                         VectorRef weight) const {
  const std::vector<int>& pattern = patterns_.of_row;
  const Index n = static_cast<Index>(pattern.size());
  Matrix eta_of_pattern(design_->rows(), eta.cols());
  Vector of_pattern(weight.size() ? design_->rows() : 0);
  patterns.at_rows(beta, eta_of_pattern, of_pattern);
  for (Index j = 0; j < eta.cols(); ++j) {
    for (Index i = 0; i < n; ++i) eta(i, j) = eta_of_pattern(pattern[i], j);
  }
  if (weight.size() == 0) return;
  of_pattern = of_pattern.cwiseQuotient(responses_.weight());
  for (Index i = 0; i < n; ++i) {
    const double w = responses_.weight_of_row(i);
    weight[i] = w > 0.0 ? w * of_pattern[pattern[i]] : 0.0;
  }
}

std::unique_ptr<PooledRows> pool_equal_rows(const Observations& rows,
                                            int threads,
                                            const Heartbeat& heartbeat) {
  const std::optional<Sources> sources = sources_of(rows);
  if (!sources) return nullptr;
  std::optional<Patterns> found = find_patterns(*sources, rows.design.rows(), threads, heartbeat);
  if (!found) return nullptr;
  return std::make_unique<PooledRows>(rows, *sources, std::move(*found), threads);
}

}  // namespace fastlogit
