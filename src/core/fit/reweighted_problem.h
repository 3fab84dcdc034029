// Rows in memory with other weights: a sample of them, or those that are left without some.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "../engine/pooled_rows.h"
#include "problem.h"

namespace fastlogit {

// What all problems have in common that differ by the weights of some rows.
class SharedRows {
 public:
  // scale: of the columns; unit: of the weights. pooled: the patterns of the rows, or null. The
  // arguments have to outlive the shared rows.
  SharedRows(const Model& model,
             const Observations& rows,
             const Vector& scale,
             double unit,
             const PooledRows* pooled)
      : model(model), rows(rows), scale(scale), unit(unit), pooled(pooled) {
    if (!pooled && !make_family(model.likelihood)->by_row()) sources = sources_of(rows);
  }

  const Model& model;
  Observations rows;
  const Vector& scale;
  double unit;
  const PooledRows* pooled;
  std::optional<Sources> sources;  // none: rows without weight cannot be left out
};

class ReweightedProblem final : public Problem {
 public:
  // times: what each row's weight is multiplied by. shared has to outlive the problem.
  ReweightedProblem(const SharedRows& shared, const double* times, Execution execution);

  Index count() const override { return design_->rows(); }
  const Vector& scale() const override { return shared_.scale; }
  double unit() const override { return shared_.unit; }

  std::unique_ptr<Evaluator> evaluator(const Execution& execution,
                                       const Likelihood& likelihood,
                                       Index thinning) const override;

 private:
  // The rows as they are, with their new weights.
  void take_all(const double* times);

  // The patterns with the sums of the new weights.
  void take_patterns();

  // Copies of the rows that have a weight.
  void take_weighted(const double* times);

  template <typename Number>
  static const Number* gather(const std::vector<Index>& rows,
                              const Number* from,
                              std::vector<Number>& copy);

  const SharedRows& shared_;
  std::vector<double> weight_;
  std::unique_ptr<Selection> selection_;
  std::unique_ptr<Design> selected_;
  std::vector<double> y_, complement_, offsets_;
  std::vector<int> category_, set_;
  std::unique_ptr<PooledResponses> pooled_;
  const Design* design_;
  Response response_;
  const double* offset_;
};

}  // namespace fastlogit
