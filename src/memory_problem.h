// Rows that are in memory, or the patterns that stand for them.
#pragma once

#include <algorithm>
#include <memory>
#include <utility>

#include "core/engine/memory_evaluator.h"
#include "core/engine/pooled_rows.h"
#include "core/fit/reweighted_problem.h"
#include "r_problem.h"
#include "r_response.h"

namespace fastlogit {

// rows: list(design = , response = , model = , threads = ), and pool = FALSE where rows that repeat
// are to be seen one by one.
class MemoryProblem final : public Problem {
 public:
  explicit MemoryProblem(const ListView& rows)
      : Problem(model_from(rows), execution_from(rows)),
        design_(rows["design"], parallel()),
        response_(rows["response"]),
        scale_(scale_of(design_.scale)) {
    if (rows.has("pool") && !Rcpp::as<bool>(rows["pool"])) return;
    if (family().by_row() || family().of_sets()) return;
    pooled_ = pool_equal_rows(row_by_row(), threads(), UserInterrupt());
  }

  Index count() const override { return design_.design->rows(); }
  const Vector& scale() const override { return scale_; }
  double unit() const override { return response_.unit; }
  bool can_be_sampled() const override {
    return !pooled_ && !family().by_row() && !family().of_sets();
  }

  std::unique_ptr<Evaluator> evaluator(const Execution& execution,
                                       const Likelihood& likelihood,
                                       Index thinning) const override {
    return std::make_unique<MemoryEvaluator>(
        evaluator_of(execution, make_family(likelihood), seen_by(likelihood), thinning));
  }

  Vector closest_to(const double* eta, Index thinning) const override {
    const Vector means = pooled_ ? pooled_->means(eta) : Vector();
    Response target;
    target.y = pooled_ ? means.data() : eta;
    target.weight = observed().weight;
    MemoryEvaluator rows =
        evaluator_of(all_threads(), make_family(Likelihood{kLeastSquares}), target, thinning);
    return project(rows, columns());
  }

  // For problems of other weights.
  SharedRows shared() const { return {model(), row_by_row(), scale(), unit(), pooled_.get()}; }

  // See MemoryEvaluator.
  void predict_by_group(const Matrix& points, const int* group, MatrixRef eta) const {
    const double* const offset = data_or_null(response_.offset);
    MemoryEvaluator rows(*design_.design,
                         make_family(likelihood()),
                         response_.view(),
                         offset,
                         threads(),
                         all_threads().heartbeat);
    rows.predict_by_group(points, group, eta);
  }

  double reach(const Vector& beta) const override {
    double reach = 0.0;
    for (Index first = 0; first < beta.size(); first += columns()) {
      reach = std::max(reach, design_.design->reach(beta.segment(first, columns())));
    }
    return reach;
  }

  bool has_rows() const override { return true; }
  void at_rows(const Vector& beta, MatrixRef eta, VectorRef weight) const override {
    const auto [shown, at] = to_show(beta);
    MemoryEvaluator rows = evaluator_of(all_threads(), make_family(shown), observed(), 1);
    if (pooled_) {
      pooled_->at_rows(rows, at, eta, weight);
    } else {
      rows.at_rows(at, eta, weight);
    }
    if (unit() != 1.0) weight *= unit();
  }

 private:
  Parallel parallel() const {
    return [this](Index tasks, const Work& work) {
      run_parallel(tasks, all_threads().threads, work, all_threads().heartbeat);
    };
  }

  MemoryEvaluator evaluator_of(const Execution& execution,
                               std::shared_ptr<const Family> family,
                               Response view,
                               Index thinning) const {
    const Design& read = pooled_ ? pooled_->design() : *design_.design;
    const double* const offset = pooled_ ? pooled_->offset() : data_or_null(response_.offset);
    return {
        read, std::move(family), view, offset, execution.threads, execution.heartbeat, thinning};
  }

  Observations row_by_row() const {
    const bool ordered = family().cuts();
    return {*design_.design,
            response_.view(),
            data_or_null(response_.offset),
            ordered ? 1 : likelihood().predictors,
            ordered};
  }

  Response observed() const { return pooled_ ? pooled_->response() : response_.view(); }

  // The constant is that of the model's own likelihood.
  Response seen_by(const Likelihood& likelihood) const {
    Response view = observed();
    if (likelihood.family == kPhaseOne) view.constant = 0.0;
    return view;
  }

  DesignInput design_;
  ResponseInput response_;
  Vector scale_;
  std::unique_ptr<PooledRows> pooled_;  // null where rows do not repeat
};

}  // namespace fastlogit
