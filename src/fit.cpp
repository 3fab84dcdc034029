// A fit, and passes over rows at its estimate.
#include <stdexcept>
#include <string>
#include <vector>

#include "core/engine/observed_evaluator.h"
#include "core/fit/ways.h"
#include "core/sums/registry.h"
#include "core/sums/score_products.h"
#include "r_problem.h"
#include "r_request.h"
#include "r_result.h"

using namespace fastlogit;

namespace {

// Each list(coefficients = ) or list(eta = ).
std::vector<StartCandidate> candidates_from(const ListView& starts) {
  std::vector<StartCandidate> candidates;
  for (R_xlen_t at = 0; at < starts.size(); ++at) {
    const ListView start = starts[at];
    if (start.has("coefficients")) {
      candidates.push_back({vector_from(start["coefficients"]), Vector()});
    } else {
      candidates.push_back({Vector(), vector_from(start["eta"])});
    }
  }
  return candidates;
}

// after_pass: NULL, or a function of the coefficients and the log-likelihood, which is relative to
// the saturated model.
PassObserver observer_from(SEXP after_pass, const Problem& problem) {
  if (Rf_isNull(after_pass)) return [](const Vector&, const Moments&) {};
  const Rcpp::Function tell(after_pass);
  return [tell, &problem](const Vector& beta, const Moments& moments) {
    const Vector scale = problem.coefficient_scale();
    const bool informed = moments.information.size() > 0 && !moments.draft;
    tell(to_r(Vector(beta.cwiseProduct(scale))), moments.loglik * problem.unit(), informed);
  };
}

}  // namespace

// The whole fit. `rows`: see Problem. `starts`: a list of candidates, each list(coefficients = ) or
// list(eta = ).
// [[Rcpp::export(rng = false)]]
Rcpp::List fit_impl(const Rcpp::List& rows, const Rcpp::List& starts, const Rcpp::List& settings) {
  return interruptibly([&]() -> Rcpp::List {
    const ListView control_list(settings);
    const std::unique_ptr<Problem> problem = problem_from(rows);
    const std::unique_ptr<Evaluator> rows_at_work =
        problem->evaluator(problem->all_threads(), problem->likelihood());
    ObservedEvaluator all(*rows_at_work, observer_from(control_list["after_pass"], *problem));
    Control control = control_from(control_list);
    control.conditions.unit = problem->scale();
    control.conditions.domain = problem->family().domain();
    const double unit = problem->unit();
    if (control_list.is_true("trace")) {
      control.options.trace = [unit](const Iteration& it) {
        Rprintf("iteration %d: deviance %.10g, step %.3g, halvings %d, decrement %.3g\n",
                static_cast<int>(it.iteration),
                -2.0 * it.loglik * unit,
                it.step,
                static_cast<int>(it.halvings),
                it.decrement * unit);
      };
    }
    const std::unique_ptr<Penalty> penalty = problem->penalty();
    const Solution solution =
        find_maximum(candidates_from(starts), *problem, *penalty, control, all);
    const Result& result = solution.result;
    if (result.status == Status::infeasible) {
      return Rcpp::List::create(Rcpp::Named("status") = name_of(result.status));
    }
    ListBuilder out(17);
    const auto parallel = [&](Index tasks, const Work& work) { all.run(tasks, work); };
    add_result(result, problem->scale(), unit, parallel, out);
    if (!control_list.has("by_row") || control_list.is_true("by_row")) {
      add_rows(*problem, result.beta, out);
    } else {
      out.add("reach", Rf_ScalarReal(problem->reach(result.beta)));
    }
    out.add("start", Rf_ScalarInteger(solution.candidate))
        .add("maxima", Rf_ScalarInteger(static_cast<int>(solution.maxima)))
        .add("threads", Rf_ScalarInteger(all.threads()));
    return out.list();
  });
}

// The log-likelihood, its score and the information at some coefficients. `rows`: see Problem.
// [[Rcpp::export(rng = false)]]
Rcpp::List moments_impl(const Rcpp::List& rows, const Rcpp::NumericVector& coefficients) {
  return interruptibly([&]() -> Rcpp::List {
    const std::unique_ptr<Problem> problem = problem_from(rows);
    const Likelihood& likelihood = problem->likelihood();
    const Vector unscaled = problem->coefficient_scale().cwiseInverse();
    const Moments moments = problem->evaluator(problem->all_threads(), likelihood)
                                ->total(MomentsSum(vector_from(coefficients).cwiseProduct(unscaled),
                                                   Order::information,
                                                   Curvature::observed));
    const double unit = problem->unit();
    const Matrix information = moments.information.complete();
    return Rcpp::List::create(
        Rcpp::Named("logLik") = unit * moments.loglik,
        Rcpp::Named("score") = to_r(Vector(unit * moments.score.cwiseProduct(unscaled))),
        Rcpp::Named("information") =
            to_r(Matrix(unit * unscaled.asDiagonal() * information * unscaled.asDiagonal())));
  });
}

// The linear predictors of all rows at the coefficients, n x q, and for two classes the working
// weights, as fit_impl() returns them. `rows`: see Problem, of rows in memory.
// [[Rcpp::export(rng = false)]]
Rcpp::List at_rows_impl(const Rcpp::List& rows, const Rcpp::NumericVector& coefficients) {
  return interruptibly([&]() -> Rcpp::List {
    const std::unique_ptr<Problem> problem = problem_from(rows);
    const Vector scale = problem->coefficient_scale();
    ListBuilder out(3);
    add_rows(*problem, vector_from(coefficients).cwiseQuotient(scale), out);
    return out.list();
  });
}

// The sum of the outer products of the rows' scores, p q x p q, at the coefficients, each divided
// by (1 - leverage) to a power; inverse: of the information, where the power is not zero. `rows`:
// see Problem; rows in memory one by one (`pool` = FALSE).
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix meat_impl(const Rcpp::List& rows,
                              const Rcpp::NumericVector& coefficients,
                              const double power,
                              const Rcpp::RObject& inverse) {
  return interruptibly([&]() -> Rcpp::NumericMatrix {
    const std::unique_ptr<Problem> problem = problem_from(rows);
    const Likelihood& likelihood = problem->likelihood();
    const Vector unscaled = problem->coefficient_scale().cwiseInverse();
    Matrix scaled;
    if (power != 0.0) {
      scaled =
          problem->unit() * unscaled.asDiagonal() * matrix_from(inverse) * unscaled.asDiagonal();
    }
    const std::unique_ptr<Evaluator> all = problem->evaluator(problem->all_threads(), likelihood);
    const Matrix products = all->total(ScoreProductsSum(
        vector_from(coefficients).cwiseProduct(unscaled), power, std::move(scaled)));
    const Vector in_units = problem->unit() * unscaled;
    return to_r(Matrix(in_units.asDiagonal() * products * in_units.asDiagonal()));
  });
}

namespace {

using HeldRows = Rcpp::XPtr<Problem>;

std::unique_ptr<Evaluator> evaluator_for(const Problem& rows, const Rcpp::List& request) {
  const RequestContext context = RequestContext::from(request);
  std::unique_ptr<Evaluator> evaluator =
      rows.evaluator(rows.all_threads(), rows.completed(context.likelihood), context.thinning);
  evaluator->set_basis(context.basis);
  return evaluator;
}

Vector summary_of(const Problem& rows, const Evaluator& evaluator) {
  return RowsSummary{static_cast<double>(rows.count()),
                     evaluator.gradient_cost(),
                     evaluator.has_dense_rows(),
                     rows.can_be_sampled(),
                     rows.unit(),
                     rows.scale()}
      .packed();
}

// With its answer.
std::unique_ptr<Sum> sum_over(Evaluator& evaluator, const Rcpp::List& request) {
  const std::string what = Rcpp::as<std::string>(request["what"]);
  const std::vector<double> question = Rcpp::as<std::vector<double>>(request["question"]);
  Unpacker in(question);
  std::unique_ptr<Sum> sum = make_sum(what, in);
  if (!sum) throw std::invalid_argument("no such question: " + what);
  evaluator.reduce(*sum);
  return sum;
}

std::vector<double> answer_of(const Sum& sum) {
  Packer out;
  sum.pack(out);
  return out.numbers();
}

std::unique_ptr<Sum> travelled(const Sum& sum) {
  const std::vector<double> answer = answer_of(sum);
  Unpacker in(answer);
  std::unique_ptr<Sum> there = sum.clone();
  there->zero();
  there->unpack(in);
  return there;
}

}  // namespace

// rows: as fit_impl() takes them. They stay as long as the result does.
// [[Rcpp::export(rng = false)]]
SEXP hold_rows_impl(const Rcpp::List& rows) {
  return interruptibly([&]() -> SEXP { return HeldRows(problem_from(rows).release()); });
}

// rows: as hold_rows_impl() gives them; request: as CallbackEvaluator asks.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector answer_impl(SEXP rows, const Rcpp::List& request) {
  return interruptibly([&]() -> Rcpp::NumericVector {
    const HeldRows problem(rows);
    const std::unique_ptr<Evaluator> evaluator = evaluator_for(*problem, request);
    if (Rcpp::as<std::string>(request["what"]) == "summary") {
      return to_r(summary_of(*problem, *evaluator));
    }
    return Rcpp::wrap(answer_of(*sum_over(*evaluator, request)));
  });
}

// For the tests: how the answers of several rows merge, each as hold_rows_impl() gives them. As
// they are, `merged`; onto a sum of no rows, `onto_nothing`; and after a way between processes,
// `travelled`. `question`: as it is packed by whom it has reached.
// [[Rcpp::export(rng = false)]]
Rcpp::List merge_answers_impl(const Rcpp::List& parts, const Rcpp::List& request) {
  return interruptibly([&]() -> Rcpp::List {
    std::unique_ptr<Sum> merged, onto_nothing, after_travel;
    for (const SEXP part : parts) {
      const HeldRows problem(part);
      const std::unique_ptr<Sum> sum = sum_over(*evaluator_for(*problem, request), request);
      if (!merged) {
        onto_nothing = sum->clone();
        onto_nothing->zero();
        onto_nothing->merge(*sum->clone());
        merged = sum->clone();
        after_travel = travelled(*sum);
        continue;
      }
      onto_nothing->merge(*sum->clone());
      merged->merge(*sum->clone());
      after_travel->merge(*travelled(*sum));
    }
    Packer question;
    merged->pack_question(question);
    return Rcpp::List::create(Rcpp::Named("merged") = answer_of(*merged),
                              Rcpp::Named("onto_nothing") = answer_of(*onto_nothing),
                              Rcpp::Named("travelled") = answer_of(*after_travel),
                              Rcpp::Named("question") = question.numbers());
  });
}

// For the tests: questions by which to try a sum of the registry, each list(what, order, question).
// directions: p q x m; inverse: p q x p q, of an information.
// [[Rcpp::export(rng = false)]]
Rcpp::List example_questions_impl(const std::string& name,
                                  int columns,
                                  const Rcpp::NumericVector& beta,
                                  const Rcpp::NumericMatrix& directions,
                                  const Rcpp::NumericMatrix& inverse) {
  Rcpp::List questions;
  const ExamplePoint at{columns, vector_from(beta), matrix_from(directions), matrix_from(inverse)};
  for (const std::unique_ptr<Sum>& sum : example_sums(name, at)) {
    Packer question;
    sum->pack_question(question);
    questions.push_back(Rcpp::List::create(Rcpp::Named("what") = sum->name(),
                                           Rcpp::Named("order") = static_cast<int>(sum->order()),
                                           Rcpp::Named("question") = question.numbers()));
  }
  return questions;
}
