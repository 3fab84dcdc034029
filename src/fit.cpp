#include "convert.h"
#include "core/engine/memory_evaluator.h"
#include "core/engine/pooled_rows.h"
#include "core/family/barrier.h"
#include "core/family/registry.h"
#include "core/family/working.h"
#include "core/solver/boundary.h"
#include "core/solver/start.h"

using namespace fastlogit;

namespace {

// All that a fit needs of the rows, in one place.
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
  MemoryEvaluator rows(const Family& family, Response view) const {
    const Design& read = pooled ? pooled->design() : *design.design;
    const double* const offset = pooled ? pooled->offset() : data_or_null(response.offset);
    return {read, family, view, offset, threads, UserInterrupt()};
  }

  Response responses() const { return pooled ? pooled->response() : response.view(); }

  RowResults expand(const RowResults& at_patterns) const {
    const Index n = design.design->rows();
    RowResults at_rows{Matrix(n, at_patterns.eta.cols()),
                       Vector(at_patterns.weight.size() > 0 ? n : 0)};
    pooled->expand(at_patterns.eta, at_patterns.weight, at_rows.eta, at_rows.weight);
    return at_rows;
  }

  DesignInput design;
  ResponseInput response;
  int threads;
  std::unique_ptr<PooledRows> pooled;  // null where rows do not repeat
};

struct Start {
  Vector beta;    // empty: there is none
  int candidate;  // 1, 2, ...; 0 when none of the candidates would do
};

// A candidate is a vector of coefficients, or of linear predictors to come close to.
Vector coefficients_of(const Rcpp::List& candidate, const Problem& problem) {
  if (candidate.containsElementNamed("coefficients")) {
    const Vector beta = candidate["coefficients"];
    const Vector& scale = problem.design.scale;
    return beta.cwiseQuotient(scale.replicate(beta.size() / scale.size(), 1));
  }
  const Rcpp::NumericVector eta = candidate["eta"];
  const Vector means = problem.pooled ? problem.pooled->means(eta.begin()) : Vector();
  const LeastSquares least_squares;
  Response target;
  target.y = problem.pooled ? means.data() : eta.begin();
  target.weight = problem.responses().weight;
  MemoryEvaluator rows = problem.rows(least_squares, target);
  return project(rows, problem.design.scale.size());
}

// The first acceptable candidate. The last of them is the default one, by which the others are
// judged.
Start choose_start(const Rcpp::List& candidates, const Problem& problem, MemoryEvaluator& rows) {
  const int last = static_cast<int>(candidates.size());
  const Vector standard = coefficients_of(candidates[last - 1], problem);
  if (last > 1) {
    StartJudge judge(rows, standard);
    for (int i = 1; i < last; ++i) {
      const Vector beta = coefficients_of(candidates[i - 1], problem);
      if (judge.accepts(beta)) return {beta, i};
    }
  }
  if (is_feasible(rows, standard)) return {standard, last};
  const Downwards downwards;
  Response counted;
  counted.weight = problem.responses().weight;
  MemoryEvaluator down = problem.rows(downwards, counted);
  return {push_down(rows, down, problem.design.scale.size()), 0};
}

}  // namespace

// The whole fit. `model`: list(family = a link's name or "multinomial", predictors = ). `starts`: a
// list of candidates, each list(coefficients = ) or list(eta = ).
// [[Rcpp::export]]
Rcpp::List fit_impl(const Rcpp::List& design,
                    const Rcpp::List& response,
                    const Rcpp::List& model,
                    const Rcpp::List& starts,
                    const Rcpp::List& control_list) {
  try {
    const int threads = threads_from(control_list["threads"]);
    const Problem problem(design, response, Rcpp::as<int>(model["predictors"]), threads);
    const std::unique_ptr<Family> family =
        make_family(Rcpp::as<std::string>(model["family"]), Rcpp::as<int>(model["predictors"]));
    MemoryEvaluator rows = problem.rows(*family, problem.responses());
    const Start start = choose_start(starts, problem, rows);
    if (start.beta.size() == 0) return Rcpp::List::create(Rcpp::Named("status") = "infeasible");

    Control control = control_from(control_list);
    control.unit = problem.design.scale;
    control.bounded = family->bounded();
    const double unit = problem.response.unit;
    if (Rcpp::as<bool>(control_list["trace"])) {
      control.trace = [unit](const Iteration& it) {
        Rprintf("iteration %d: deviance %.10g, step %.3g, halvings %d, decrement %.3g\n",
                static_cast<int>(it.iteration),
                -2.0 * it.loglik * unit,
                it.step,
                static_cast<int>(it.halvings),
                it.decrement * unit);
      };
    }
    const NoPenalty penalty;
    const Index columns = problem.design.scale.size();
    Result result = Maximiser(rows, columns, penalty, control).run(start.beta);
    if (result.cut) {
      const auto barrier_fit = [&](double strength, const Vector& beta) {
        const BarrierFamily barrier(*family, strength);
        MemoryEvaluator inside = problem.rows(barrier, problem.responses());
        Control inner;
        inner.bounded = true;
        return Maximiser(inside, columns, penalty, inner).run(beta);
      };
      result = maximise_from_inside(
          rows, columns, penalty, control, barrier_fit, start.beta, std::move(result));
    }
    Rcpp::List out = result_to_r(result, problem.design.scale, unit);
    RowResults at_rows = rows.at_rows(result.beta);
    if (problem.pooled) at_rows = problem.expand(at_rows);
    out["linear.predictors"] = Rcpp::wrap(at_rows.eta);
    out["weights"] = Rcpp::wrap(Vector(at_rows.weight * unit));
    out["start"] = start.candidate;
    out["threads"] = rows.threads();
    return out;
  } catch (const Interrupted&) {
    throw Rcpp::internal::InterruptedException();
  }
}
