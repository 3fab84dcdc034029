// The worker's side of an engine: rows that stay, decoded, and what they answer.
#include "core/sums/registry.h"
#include "problem.h"
#include "request.h"

using namespace fastlogit;

namespace {

using HeldRows = Rcpp::XPtr<Problem>;

Rcpp::NumericVector answer(const Problem& rows, Evaluator& evaluator, const Rcpp::List& request) {
  const std::string what = Rcpp::as<std::string>(request["what"]);
  if (what == "facts") {
    return to_r(Facts{static_cast<double>(rows.count()),
                      evaluator.gradient_cost(),
                      evaluator.has_dense_rows(),
                      rows.can_be_sampled(),
                      rows.unit(),
                      rows.scale()}
                    .packed());
  }
  const std::vector<double> question = Rcpp::as<std::vector<double>>(request["question"]);
  Unpacker in(question);
  const std::unique_ptr<Sum> sum = make_sum(what, in);
  evaluator.reduce(*sum);
  Packer out;
  sum->pack(out);
  return Rcpp::wrap(out.numbers());
}

}  // namespace

// rows: as fit_impl() takes them. They stay as long as the result does.
// [[Rcpp::export(rng = false)]]
SEXP hold_rows_impl(const Rcpp::List& rows) {
  return interruptibly([&]() -> SEXP { return HeldRows(make_problem(rows).release()); });
}

// rows: as hold_rows_impl() gives them; request: as CallbackEvaluator asks.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector answer_impl(SEXP rows, const Rcpp::List& request) {
  return interruptibly([&]() -> Rcpp::NumericVector {
    const HeldRows problem(rows);
    const Subject subject = Subject::from(request);
    const std::unique_ptr<Evaluator> evaluator =
        problem->evaluator(problem->all_threads(), subject.likelihood, subject.thinning);
    evaluator->set_basis(subject.basis);
    return answer(*problem, *evaluator, request);
  });
}
