#include "core/family/registry.h"
#include "core/family/working.h"
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
    const Vector& scale = problem.design.scale;
    return beta.cwiseQuotient(scale.replicate(beta.size() / scale.size(), 1));
  }
  const Rcpp::NumericVector eta = candidate["eta"];
  const Vector means = problem.pooled ? problem.pooled->means(eta.begin()) : Vector();
  const LeastSquares least_squares;
  Response target;
  target.y = problem.pooled ? means.data() : eta.begin();
  target.weight = problem.responses().weight;
  MemoryEvaluator rows = problem.rows(least_squares, target, thinning);
  return project(rows, problem.columns());
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
  return {standard, last};
}

// The start that a sample of the rows gives, where there are many and the user has given none.
SampleStart start_from_sample(const Rcpp::List& candidates,
                              const Problem& problem,
                              const Family& family,
                              const Control& control) {
  const Index n = problem.design.design->rows();
  const Index thinning = sample_thinning(n, problem.columns() * family.predictors());
  const bool possible = candidates.size() == 1 && !problem.pooled && !control.bounded;
  if (thinning == 1 || !possible) return {};
  MemoryEvaluator sample = problem.rows(family, problem.responses(), thinning);
  const Vector standard = coefficients_of(candidates[0], problem, thinning);
  return fit_sample(sample, problem.columns(), n / thinning, thinning, standard);
}

// From the sample's start, the first acceptable candidate, or wherever the log-likelihood is
// finite.
Result maximise(const Rcpp::List& candidates,
                const Problem& problem,
                const Family& family,
                const Penalty& penalty,
                const Control& control,
                MemoryEvaluator& rows,
                Start& start) {
  const auto from = [&](const Vector& beta, double least_loglik) {
    Control with_least = control;
    with_least.least_loglik = least_loglik;
    return Maximiser(rows, problem.columns(), penalty, with_least).run(beta);
  };
  const SampleStart sample = start_from_sample(candidates, problem, family, control);
  if (sample.beta.size() > 0) {
    start = {sample.beta, static_cast<int>(candidates.size())};
    Result result = from(start.beta, sample.least_loglik);
    if (result.status != Status::infeasible) return result;
  }
  start = choose_start(candidates, problem, rows);
  Result result = from(start.beta, control.least_loglik);
  if (result.status != Status::infeasible) return result;
  const Downwards downwards;
  Response counted;
  counted.weight = problem.responses().weight;
  MemoryEvaluator down = problem.rows(downwards, counted);
  start = {push_down(rows, down, problem.columns()), 0};
  return start.beta.size() > 0 ? from(start.beta, control.least_loglik) : result;
}

// What the object keeps of every row, written where R will find it.
void add_rows(Rcpp::List& out, const Problem& problem, MemoryEvaluator& rows, const Vector& beta) {
  const Index n = problem.design.design->rows();
  const Index q = rows.predictors();
  Rcpp::NumericVector eta(Rcpp::no_init(n * q));
  Rcpp::NumericVector weights(Rcpp::no_init(q == 1 ? n : 0));
  Eigen::Map<Matrix> eta_of_row(eta.begin(), n, q);
  Eigen::Map<Vector> weight_of_row(weights.begin(), weights.size());
  if (problem.pooled) {
    problem.pooled->at_rows(rows, beta, eta_of_row, weight_of_row);
  } else {
    rows.at_rows(beta, eta_of_row, weight_of_row);
  }
  if (problem.response.unit != 1.0) weight_of_row *= problem.response.unit;
  // Not by assignment: a name that is not there costs an exception, as dear as a small fit.
  out.push_back(eta, "linear.predictors");
  out.push_back(weights, "weights");
}

}  // namespace

// The whole fit. `model`: list(family = a link's name or "multinomial", predictors = , penalty = ).
// `starts`: a list of candidates, each list(coefficients = ) or list(eta = ).
// [[Rcpp::export(rng = false)]]
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
    const std::unique_ptr<Penalty> penalty =
        penalty_from(model["penalty"], problem.design.scale, unit, family->canonical());
    Start start;
    Result result = maximise(starts, problem, *family, *penalty, control, rows, start);
    if (result.status == Status::infeasible) {
      return Rcpp::List::create(Rcpp::Named("status") = name_of(result.status));
    }
    if (result.cut && !penalty->adjusts_score()) {
      result = problem.from_inside(
          *family, rows, *penalty, control, problem.all_threads(), start.beta, std::move(result));
    }
    Rcpp::List out = result_to_r(result, problem.design.scale, unit);
    add_rows(out, problem, rows, result.beta);
    out.push_back(start.candidate, "start");
    out.push_back(rows.threads(), "threads");
    return out;
  } catch (const Interrupted&) {
    throw Rcpp::internal::InterruptedException();
  }
}
