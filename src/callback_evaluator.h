// Rows that live behind an R function, in other processes: each pass is a question to all of their
// partitions, whose answers are added in order.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/evaluator.h"
#include "core/engine/threads.h"
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

  Moments evaluate(const Vector& beta, Order order, Curvature curvature) override {
    Rcpp::List request = at("moments", beta);
    request["order"] = static_cast<int>(order);
    request["observed"] = curvature == Curvature::observed;
    return unpack_moments(sum_of_answers(ask_(request)), size(), order);
  }

  std::vector<Moments> gradients(const std::vector<Vector>& points) override {
    Matrix columns(size(), static_cast<Index>(points.size()));
    for (Index i = 0; i < columns.cols(); ++i) columns.col(i) = points[i];
    const Vector total = sum_of_answers(ask_(along("gradients", points.front(), columns)));
    std::vector<Moments> all;
    for (Index i = 0; i < columns.cols(); ++i) {
      const Vector one = total.segment(i * (size() + 1), size() + 1);
      all.push_back(unpack_moments(one, size(), Order::gradient));
    }
    return all;
  }

  Matrix triangular_factor(const Vector& beta) override {
    const Rcpp::List answers = ask_(at("factor", beta));
    std::vector<Matrix> parts;
    for (const SEXP answer : answers) {
      parts.push_back(unpack_lower(vector_from(answer), columns_).transpose());
    }
    return merge(parts);
  }

  RowProducts products(const Vector& beta, const Matrix& directions) override {
    const Vector total = sum_of_answers(ask_(along("products", beta, directions)));
    const Index m = directions.cols();
    RowProducts products;
    products.cross = Eigen::Map<const Matrix>(total.data(), directions.rows(), m);
    products.squares = total.tail(m);
    return products;
  }

  Vector adjustment(const Vector& beta, Adjustment kind, const Information& inverse) override {
    Rcpp::List request = at("adjustment", beta);
    request["mean"] = kind == Adjustment::mean;
    request["inverse"] = to_r(inverse.dense());
    return sum_of_answers(ask_(request));
  }

  Vector cubes(const Vector& beta, const Matrix& directions) override {
    return sum_of_answers(ask_(along("cubes", beta, directions)));
  }

  // What is done here, between passes.
  void run(Index tasks, const Work& work) override {
    run_parallel(tasks, crew_.threads, work, crew_.heartbeat);
  }

 private:
  Rcpp::List at(const std::string& what, const Vector& beta) const {
    Rcpp::List request = subject_.request(what);
    request["beta"] = to_r(beta);
    return request;
  }

  Rcpp::List along(const std::string& what, const Vector& beta, const Matrix& directions) const {
    Rcpp::List request = at(what, beta);
    request["directions"] = to_r(directions);
    return request;
  }

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
    Rcpp::List request = Subject{likelihood(), 1, Matrix()}.request("rows");
    request["beta"] = to_r(beta);
    const Rcpp::List answers = ask_(request);
    Vector range = vector_from(answers[0]);
    for (R_xlen_t i = 1; i < answers.size(); ++i) {
      const Vector part = vector_from(answers[i]);
      range[0] = std::min(range[0], part[0]);
      range[1] = std::max(range[1], part[1]);
    }
    out.push_back(to_r(range), "linear.predictors");
  }

 private:
  Ask ask_;
  Facts facts_;
  std::unique_ptr<MemoryProblem> here_;
};

}  // namespace fastlogit
