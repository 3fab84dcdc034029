#include "core/engine/watched_evaluator.h"
#include "core/solver/start.h"
#include "problem.h"

using namespace fastlogit;

namespace {

struct Start {
  Vector beta;    // empty: there is none
  int candidate;  // 1, 2, ...; 0 when none of the candidates would do
};

// A candidate is a vector of coefficients, or of linear predictors to come close to.
Vector coefficients_of(const Rcpp::List& candidate, const Problem& problem, Index thinning = 1) {
  if (candidate.containsElementNamed("coefficients")) {
    const Vector beta = candidate["coefficients"];
    const Vector& scale = problem.scale();
    return beta.cwiseQuotient(scale.replicate(beta.size() / scale.size(), 1));
  }
  const Rcpp::NumericVector eta = candidate["eta"];
  return problem.closest_to(eta.begin(), thinning);
}

// The first acceptable candidate. The last of them is the default one, by which the others are
// judged.
Start choose_start(const Rcpp::List& candidates, const Problem& problem, Evaluator& rows) {
  const int last = static_cast<int>(candidates.size());
  const Vector standard = coefficients_of(candidates[last - 1], problem);
  if (last > 1) {
    StartJudge judge(rows, standard);
    for (int i = 1; i < last; ++i) {
      const Vector beta = coefficients_of(candidates[i - 1], problem);
      if (judge.accepts(beta)) return {beta, i};
    }
  }
  return {standard, last};
}

// The start that a sample of the rows gives, where there are many and the user has given none.
SampleStart start_from_sample(const Rcpp::List& candidates,
                              const Problem& problem,
                              const Control& control) {
  const Index n = problem.count();
  const Index thinning = sample_thinning(n, problem.columns() * problem.likelihood().predictors);
  const bool possible = candidates.size() == 1 && problem.can_be_sampled() && !control.bounded;
  if (thinning == 1 || !possible) return {};
  const std::unique_ptr<Evaluator> sample =
      problem.evaluator(problem.all_threads(), problem.likelihood(), thinning);
  const Vector standard = coefficients_of(candidates[0], problem, thinning);
  return fit_sample(*sample, problem.columns(), n / thinning, thinning, standard);
}

// From the sample's start, the first acceptable candidate, or wherever the log-likelihood is
// finite.
Result maximise(const Rcpp::List& candidates,
                const Problem& problem,
                const Penalty& penalty,
                const Control& control,
                Evaluator& rows,
                Start& start) {
  const auto from = [&](const Vector& beta, double least_loglik) {
    Control with_least = control;
    with_least.least_loglik = least_loglik;
    return Maximiser(rows, problem.columns(), penalty, with_least).run(beta);
  };
  const SampleStart sample = start_from_sample(candidates, problem, control);
  if (sample.beta.size() > 0) {
    start = {sample.beta, static_cast<int>(candidates.size())};
    Result result = from(start.beta, sample.least_loglik);
    if (result.status != Status::infeasible) return result;
  }
  start = choose_start(candidates, problem, rows);
  Result result = from(start.beta, control.least_loglik);
  if (result.status != Status::infeasible) return result;
  const std::unique_ptr<Evaluator> down = problem.evaluator(problem.all_threads(), {kDownwards});
  start = {push_down(rows, *down, problem.columns(), Vector::Zero(rows.size())), 0};
  return start.beta.size() > 0 ? from(start.beta, control.least_loglik) : result;
}

// after_pass: NULL, or a function of the coefficients and the log-likelihood, which is relative to
// the saturated model.
Witness witness_from(const Rcpp::RObject& after_pass, const Problem& problem) {
  if (after_pass.isNULL()) return [](const Vector&, const Moments&) {};
  const Rcpp::Function tell(after_pass);
  return [tell, &problem](const Vector& beta, const Moments& moments) {
    const Vector scale = problem.scale().replicate(problem.likelihood().predictors, 1);
    tell(Vector(beta.cwiseProduct(scale)), moments.loglik * problem.unit());
  };
}

}  // namespace

// The whole fit. `rows`: see Problem. `starts`: a list of candidates, each list(coefficients = ) or
// list(eta = ).
// [[Rcpp::export(rng = false)]]
Rcpp::List fit_impl(const Rcpp::List& rows,
                    const Rcpp::List& starts,
                    const Rcpp::List& control_list) {
  return interruptibly([&]() -> Rcpp::List {
    const std::unique_ptr<Problem> problem = make_problem(rows);
    const std::unique_ptr<Evaluator> rows_at_work =
        problem->evaluator(problem->all_threads(), problem->likelihood());
    WatchedEvaluator all(*rows_at_work, witness_from(control_list["after_pass"], *problem));
    Control control = control_from(control_list);
    control.unit = problem->scale();
    control.bounded = problem->family().bounded();
    const double unit = problem->unit();
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
    const std::unique_ptr<Penalty> penalty = problem->penalty();
    Start start;
    Result result = maximise(starts, *problem, *penalty, control, all, start);
    if (result.status == Status::infeasible) {
      return Rcpp::List::create(Rcpp::Named("status") = name_of(result.status));
    }
    if (result.cut && !penalty->adjusts_score()) {
      result = problem->from_inside(
          all, *penalty, control, problem->all_threads(), start.beta, std::move(result));
    }
    Rcpp::List out = result_to_r(result, problem->scale(), unit);
    problem->add_rows(out, result.beta);
    out.push_back(start.candidate, "start");
    out.push_back(all.threads(), "threads");
    return out;
  });
}
