// Rows that live behind an R function, in other processes: each pass is a question to all of their
// partitions, whose answers are added in order.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/evaluator.h"
#include "core/engine/threads.h"
#include "core/sums/range.h"
#include "memory_problem.h"
#include "request.h"

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
inline void ask_of_all(const Ask& ask, const Subject& subject, Sum& sum) {
  const Rcpp::List answers = ask(subject.request(sum));
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
inline Facts facts_of(const Ask& ask, const Likelihood& likelihood) {
  const Rcpp::List answers = ask(Subject{likelihood, 1, Matrix()}.request("facts"));
  return Facts::from(sum_of_answers(answers), static_cast<double>(answers.size()));
}

class CallbackEvaluator final : public Evaluator {
 public:
  CallbackEvaluator(
      Ask ask, const Facts& facts, Likelihood likelihood, Index columns, Index thinning, Crew crew)
      : ask_(std::move(ask)),
        facts_(facts),
        subject_{std::move(likelihood), thinning, Matrix()},
        columns_(columns),
        canonical_(make_family(subject_.likelihood)->canonical()),
        crew_(std::move(crew)) {}

  Index size() const override { return columns_ * subject_.likelihood.predictors; }
  bool canonical() const override { return canonical_; }
  double gradient_cost() const override { return facts_.gradient_cost; }
  bool has_dense_rows() const override { return facts_.dense; }
  void set_basis(const Matrix& basis) override { subject_.basis = basis; }

  void reduce(Sum& sum) override { ask_of_all(ask_, subject_, sum); }

  // What is done here, between passes.
  void run(Index tasks, const Work& work) override {
    run_parallel(tasks, crew_.threads, work, crew_.heartbeat);
  }

 private:
  Ask ask_;
  Facts facts_;
  Subject subject_;
  Index columns_;
  bool canonical_;
  Crew crew_;
};

// rows: list(ask = what answers for them, model = , threads = ). Where they are at hand, too, as
// MemoryProblem takes them, that serves for what is kept of each of them.
class CallbackProblem final : public Problem {
 public:
  explicit CallbackProblem(const Rcpp::List& rows)
      : Problem(rows), ask_(Rcpp::as<Ask>(rows["ask"])), facts_(facts_of(ask_, likelihood())) {
    if (rows.containsElementNamed("design")) here_ = std::make_unique<MemoryProblem>(rows);
  }

  Index count() const override { return static_cast<Index>(facts_.rows); }
  const Vector& scale() const override { return facts_.scale; }
  double unit() const override { return facts_.unit; }
  bool can_be_sampled() const override { return facts_.sampled; }
  bool is_concurrent() const override { return false; }

  std::unique_ptr<Evaluator> evaluator(const Crew& crew,
                                       const Likelihood& likelihood,
                                       Index thinning) const override {
    return std::make_unique<CallbackEvaluator>(ask_, facts_, likelihood, columns(), thinning, crew);
  }

  Vector closest_to(const double* eta, Index thinning) const override {
    return here_ ? here_->closest_to(eta, thinning) : Vector();
  }

  // Of rows that are not at hand the range of their linear predictors.
  void add_rows(Rcpp::List& out, const Vector& beta) const override {
    if (here_) return here_->add_rows(out, beta);
    RangeSum sum(beta);
    ask_of_all(ask_, {likelihood(), 1, Matrix()}, sum);
    const std::pair<double, double> range = sum.value();
    out.push_back(Rcpp::NumericVector::create(range.first, range.second), "linear.predictors");
  }

 private:
  Ask ask_;
  Facts facts_;
  std::unique_ptr<MemoryProblem> here_;
};

}  // namespace fastlogit
