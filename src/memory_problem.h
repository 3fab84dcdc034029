// Rows that are in memory, or the patterns that stand for them.
#pragma once

#include <memory>
#include <utility>

#include "core/engine/memory_evaluator.h"
#include "core/engine/pooled_rows.h"
#include "core/solver/start.h"
#include "problem.h"

namespace fastlogit {

// rows: list(design = , response = , model = , threads = ), and pool = FALSE where rows that repeat
// are to be seen one by one.
class MemoryProblem final : public Problem {
 public:
  explicit MemoryProblem(const Rcpp::List& rows)
      : Problem(rows),
        design_(Rcpp::List(rows["design"])),
        response_(Rcpp::List(rows["response"])) {
    if (rows.containsElementNamed("pool") && !Rcpp::as<bool>(rows["pool"])) return;
    pooled_ = pool_equal_rows({*design_.design,
                               response_.view(),
                               data_or_null(response_.offset),
                               likelihood().predictors},
                              threads(),
                              UserInterrupt());
  }

  Index count() const override { return design_.design->rows(); }
  const Vector& scale() const override { return design_.scale; }
  double unit() const override { return response_.unit; }
  bool can_be_sampled() const override { return !pooled_; }

  std::unique_ptr<Evaluator> evaluator(const Crew& crew,
                                       const Likelihood& likelihood,
                                       Index thinning) const override {
    return std::make_unique<MemoryEvaluator>(
        evaluator_of(crew, make_family(likelihood), seen_by(likelihood), thinning));
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

  void add_rows(Rcpp::List& out, const Vector& beta) const override {
    const Index n = count();
    const Index q = family().predictors();
    Rcpp::NumericVector eta(Rcpp::no_init(n * q));
    Rcpp::NumericVector weights(Rcpp::no_init(q == 1 ? n : 0));
    Eigen::Map<Matrix> eta_of_row(eta.begin(), n, q);
    Eigen::Map<Vector> weight_of_row(weights.begin(), weights.size());
    MemoryEvaluator rows = evaluator_of(all_threads(), make_family(likelihood()), observed(), 1);
    if (pooled_) {
      pooled_->at_rows(rows, beta, eta_of_row, weight_of_row);
    } else {
      rows.at_rows(beta, eta_of_row, weight_of_row);
    }
    if (unit() != 1.0) weight_of_row *= unit();
    // Not by assignment: a name that is not there costs an exception, as dear as a small fit.
    out.push_back(eta, "linear.predictors");
    out.push_back(weights, "weights");
  }

 private:
  MemoryEvaluator evaluator_of(const Crew& crew,
                               std::shared_ptr<const Family> family,
                               Response view,
                               Index thinning) const {
    const Design& read = pooled_ ? pooled_->design() : *design_.design;
    const double* const offset = pooled_ ? pooled_->offset() : data_or_null(response_.offset);
    return {read, std::move(family), view, offset, crew.threads, crew.heartbeat, thinning};
  }

  Response observed() const { return pooled_ ? pooled_->response() : response_.view(); }

  // The constant is that of the model's own likelihood.
  Response seen_by(const Likelihood& likelihood) const {
    Response view = observed();
    if (likelihood.family == kDownwards) view.constant = 0.0;
    return view;
  }

  DesignInput design_;
  ResponseInput response_;
  std::unique_ptr<PooledRows> pooled_;  // null where rows do not repeat
};

}  // namespace fastlogit
