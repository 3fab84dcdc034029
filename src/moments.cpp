// The worker's side of an engine: rows that stay, decoded, and what they answer.
#include "problem.h"
#include "request.h"

using namespace fastlogit;

namespace {

using HeldRows = Rcpp::XPtr<Problem>;

Vector answer(const Problem& rows, Evaluator& evaluator, const Rcpp::List& request) {
  const std::string what = Rcpp::as<std::string>(request["what"]);
  if (what == "facts") {
    return Facts{static_cast<double>(rows.count()),
                 evaluator.gradient_cost(),
                 evaluator.has_dense_rows(),
                 rows.can_be_sampled(),
                 rows.unit(),
                 rows.scale()}
        .packed();
  }
  const Vector beta = vector_from(request["beta"]);
  if (what == "moments") {
    const Order order = static_cast<Order>(Rcpp::as<int>(request["order"]));
    const bool observed = Rcpp::as<bool>(request["observed"]);
    return pack_moments(
        evaluator.evaluate(beta, order, observed ? Curvature::observed : Curvature::expected));
  }
  if (what == "factor") {
    return pack_lower(evaluator.triangular_factor(beta).transpose());
  }
  if (what == "adjustment") {
    const bool mean = Rcpp::as<bool>(request["mean"]);
    const Information inverse(matrix_from(request["inverse"]));
    return evaluator.adjustment(beta, mean ? Adjustment::mean : Adjustment::jeffreys, inverse);
  }
  if (what == "rows") {
    Rcpp::List kept;
    rows.add_rows(kept, beta);
    return vector_from(kept["linear.predictors"]);
  }
  const Matrix directions = matrix_from(request["directions"]);
  if (what == "gradients") {
    std::vector<Vector> points;
    for (Index i = 0; i < directions.cols(); ++i) points.push_back(directions.col(i));
    Vector packed(points.size() * (beta.size() + 1));
    Index at = 0;
    for (const Moments& moments : evaluator.gradients(points)) {
      packed.segment(at, beta.size() + 1) = pack_moments(moments);
      at += beta.size() + 1;
    }
    return packed;
  }
  if (what == "cubes") return evaluator.cubes(beta, directions);
  const RowProducts products = evaluator.products(beta, directions);
  Vector packed(products.cross.size() + products.squares.size());
  packed << Eigen::Map<const Vector>(products.cross.data(), products.cross.size()),
      products.squares;
  return packed;
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
    return to_r(answer(*problem, *evaluator, request));
  });
}
