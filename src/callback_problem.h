// Rows that live behind an R function, in other processes: each pass is a question to all of their
// partitions, whose answers are added in order.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/evaluator.h"
#include "core/engine/threads.h"
#include "memory_problem.h"
#include "r_request.h"

namespace fastlogit {

// A function of a request that returns a list, the answers of the partitions.
using Ask = Rcpp::Function;

inline Vector sum_of_answers(const Rcpp::List& answers) {
  Vector total = vector_from(answers[0]);
  for (R_xlen_t i = 1; i < answers.size(); ++i) {
    total += vector_from(answers[i]);
  }
  return total;
}

// The answers of the partitions, merged in order.
inline void ask_of_all(const Ask& ask, const RequestContext& context, Sum& sum) {
  const Rcpp::List answers = ask(context.request(sum));
  for (R_xlen_t i = 0; i < answers.size(); ++i) {
    const std::vector<double> numbers = Rcpp::as<std::vector<double>>(answers[i]);
    Unpacker in(numbers);
    if (i == 0) {
      sum.unpack(in);
    } else {
      const std::unique_ptr<Sum> other = sum.clone();
      other->unpack(in);
      sum.merge(*other);
    }
  }
}

// Of all partitions together.
inline RowsSummary summary_of(const Ask& ask, const Likelihood& likelihood) {
  const Rcpp::List answers = ask(RequestContext{likelihood, 1, Matrix()}.request("summary"));
  return RowsSummary::from(sum_of_answers(answers), static_cast<double>(answers.size()));
}

class CallbackEvaluator final : public Evaluator {
 public:
  CallbackEvaluator(Ask ask,
                    const RowsSummary& summary,
                    Likelihood likelihood,
                    Index columns,
                    Index thinning,
                    Execution execution)
      : ask_(std::move(ask)),
        summary_(summary),
        context_{std::move(likelihood), thinning, Matrix()},
        size_(context_.likelihood.cuts ? columns : columns * context_.likelihood.predictors),
        canonical_(make_family(context_.likelihood)->canonical()),
        execution_(std::move(execution)) {}

  Index size() const override { return size_; }
  bool canonical() const override { return canonical_; }
  double gradient_cost() const override { return summary_.gradient_cost; }
  bool has_dense_rows() const override { return summary_.dense; }
  void set_basis(const Matrix& basis) override { context_.basis = basis; }

  void reduce(Sum& sum) override { ask_of_all(ask_, context_, sum); }

  // What is done here, between passes.
  void run(Index tasks, const Work& work) override {
    run_parallel(tasks, execution_.threads, work, execution_.heartbeat);
  }

 private:
  Ask ask_;
  RowsSummary summary_;
  RequestContext context_;
  Index size_;
  bool canonical_;
  Execution execution_;
};

// rows: list(ask = what answers for them, model = , threads = ). Where they are at hand, too, as
// MemoryProblem takes them, that serves for what is kept of each of them.
class CallbackProblem final : public Problem {
 public:
  explicit CallbackProblem(const Rcpp::List& rows)
      : Problem(model_from(rows), execution_from(rows)),
        ask_(Rcpp::as<Ask>(rows["ask"])),
        summary_(summary_of(ask_, likelihood())) {
    if (rows.containsElementNamed("design")) here_ = std::make_unique<MemoryProblem>(rows);
  }

  Index count() const override { return static_cast<Index>(summary_.rows); }
  const Vector& scale() const override { return summary_.scale; }
  double unit() const override { return summary_.unit; }
  bool can_be_sampled() const override { return summary_.sampled; }
  bool is_concurrent() const override { return false; }

  std::unique_ptr<Evaluator> evaluator(const Execution& execution,
                                       const Likelihood& likelihood,
                                       Index thinning) const override {
    return std::make_unique<CallbackEvaluator>(
        ask_, summary_, likelihood, columns(), thinning, execution);
  }

  Vector closest_to(const double* eta, Index thinning) const override {
    return here_ ? here_->closest_to(eta, thinning) : Vector();
  }

  bool has_rows() const override { return here_ != nullptr; }
  void at_rows(const Vector& beta, MatrixRef eta, VectorRef weight) const override {
    here_->at_rows(beta, eta, weight);
  }

 private:
  Ask ask_;
  RowsSummary summary_;
  std::unique_ptr<MemoryProblem> here_;
};

}  // namespace fastlogit
