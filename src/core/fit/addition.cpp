#include "addition.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>

#include "../engine/memory_evaluator.h"
#include "../linalg/scaling.h"
#include "../solver/nearby.h"
#include "extended_problem.h"
#include "submodels.h"

namespace fastlogit {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

class OneAddition {
 public:
  OneAddition(const SharedRows& shared,
              const NullModel& null,
              const AddedColumn& column,
              const AdditionOptions& options,
              const Execution& execution)
      : shared_(shared),
        null_(null),
        column_(column),
        options_(options),
        execution_(execution),
        family_(make_family(shared.model.likelihood)),
        out_(family_->predictors()) {}

  Addition run() {
    out_.null_status = null_.result().status;
    out_.null_certified = null_.result().certified;
    out_.null_range = null_.range();
    out_.null_loglik = null_.height() * shared_.unit;
    if (!column_.finite) return end_as(Addition::End::not_finite);
    if (column_.rows <= options_.rank) return end_as(Addition::End::too_few);
    if (is_constant()) return end_as(Addition::End::constant);
    if (null_.has_sums()) projected_ = null_.project(column_.numbers);
    const bool clear = projected_.left > kRankIsClear;
    if (clear && is_plain()) {
      if (options_.test == Tests::score) out_.statistic = score_statistic();
      if (is_separated_alone() || go_on_from_null()) return std::move(out_);
    }
    fit(clear);
    return std::move(out_);
  }

 private:
  Addition end_as(Addition::End end) {
    out_.end = end;
    return std::move(out_);
  }

  // An intercept has the same column.
  bool is_constant() const {
    return column_.least == column_.largest && (options_.intercept || column_.least == 0.0);
  }

  // A likelihood with one maximum, and a null model that is certain.
  bool is_plain() const {
    return null_.has_sums() && null_.result().certified && shared_.model.penalty.empty() &&
           family_->concave();
  }

  double score_statistic() const {
    return shared_.unit * projected_.score * projected_.score / projected_.length;
  }

  // Does the column alone separate the rows? They are not separated without it: so its estimate is
  // then infinite, and of the sign that is found. The rows that it tells apart are then fitted
  // exactly, and the others are left to the rest of the model.
  bool is_separated_alone() {
    const auto [failures, successes] =
        ranges_by_outcome(column_.numbers, shared_.rows.response, null_.weight());
    for (const int sign : {1, -1}) {
      const double below = sign > 0 ? failures.second : successes.second;
      const double above = sign > 0 ? successes.first : failures.first;
      const bool through_origin = below <= 0.0 && above >= 0.0;
      if (!(below <= above) || !(options_.intercept || through_origin)) continue;
      if (options_.test == Tests::likelihood_ratio && !find_limit(below, above)) return false;
      out_.sign = sign;
      return true;
    }
    return false;
  }

  // The log-likelihood that is approached: of the rows on the plane between the outcomes, if there
  // are any. False where it is not certain.
  bool find_limit(double below, double above) {
    out_.loglik = 0.0;
    if (below < above) {
      set_statistic();
      return true;
    }
    std::vector<Index> apart;
    for (Index i = 0; i < column_.numbers.size(); ++i) {
      if (!null_.has(i) || column_.numbers[i] != below) apart.push_back(i);
    }
    const Vector start = shared_.scale.cwiseProduct(null_.result().beta);
    const NullModel limit(shared_, apart, start, options_.solver, execution_);
    if (limit.result().status != Status::converged || !limit.result().certified) return false;
    out_.loglik = limit.height() * shared_.unit;
    set_statistic();
    return true;
  }

  // In the coordinates of the column that is orthogonal to the others. True where that ends beyond
  // doubt.
  bool go_on_from_null() {
    const double size = projected_.rest.cwiseAbs().maxCoeff();
    const double scale = 1.0 / power_of_two_above(size);
    const Vector rest = scale * projected_.rest;
    const std::unique_ptr<Design> design = shared_.rows.design.with_column(rest.data());
    Response response = shared_.rows.response;
    response.weight = null_.weight();
    MemoryEvaluator rows(*design, family_, response, shared_.rows.offset, 1, execution_.heartbeat);
    const Vector start = null_.extended_start();
    const Index last = start.size() - 1;
    std::vector<bool> left_out = null_.result().aliased;
    left_out.push_back(false);
    Vector beta = start + first_step();
    beta[last] /= scale;
    const std::optional<NearbyMaximum> found =
        climb_nearby(rows, std::move(beta), null_.result().loglik, left_out, shared_.unit);
    if (!found) return false;
    const double reach = (found->beta - start).lpNorm<1>();
    out_.range = {null_.range().first - reach, null_.range().second + reach};
    out_.status = Status::converged;
    out_.certified = true;
    out_.loglik = found->loglik * shared_.unit;
    const double unscale = column_.scale * scale;
    const double variance = found->expected.half_solve(Vector::Unit(last + 1, last)).squaredNorm();
    out_.estimate[0] = unscale * found->beta[last];
    out_.error[0] = unscale * std::sqrt(variance / shared_.unit);
    set_statistic();
    return true;
  }

  // That of the score statistic; and, where the link is canonical, the part of the next one that is
  // of second order in it (Chebyshev's method), for which no row has to be evaluated.
  Vector first_step() const {
    const double along = projected_.score / projected_.length;
    const Index last = shared_.scale.size();
    Vector step = Vector::Zero(last + 1);
    step[last] = along;
    if (null_.weight_slope().size() == 0) return step;
    const Vector bend =
        -0.5 * along * along * null_.weight_slope().cwiseProduct(projected_.rest.cwiseAbs2());
    step.head(last) = null_.response_to(bend);
    step[last] += projected_.rest.dot(bend) / projected_.length;
    return step;
  }

  // By the way of any fit. near: is the projected column's step a start?
  void fit(bool near) {
    const ExtendedProblem problem(
        shared_, column_.numbers, column_.scale, options_.penalised, null_.weight(), execution_);
    const Vector null_start =
        null_.result().beta.size() ? null_.extended_start() : Vector::Zero(problem.coefficients());
    Vector start = null_start;
    if (near) {
      const double step = projected_.score / projected_.length;
      start.head(start.size() - 1) -= step * projected_.projection;
      start[start.size() - 1] = step;
    }
    const Vector scale = problem.coefficient_scale();
    const auto from = [&](const Vector& beta, std::vector<bool> fixed) {
      return refit(
          problem, {scale.cwiseProduct(beta), Vector()}, options_.solver, std::move(fixed));
    };
    const Result result = from(start, {});
    out_.status = result.status;
    if (result.status == Status::infeasible) return;
    out_.certified = result.certified;
    out_.range = problem.range_of_predictors(result.beta);
    out_.loglik = (result.loglik + result.penalty) * shared_.unit;
    const Index p = problem.columns();
    if (result.aliased[p - 1]) {
      out_.end = Addition::End::aliased;
      return;
    }
    const bool penalised = !shared_.model.penalty.empty();
    if (penalised && options_.test == Tests::likelihood_ratio) {
      set_held_loglik(from(null_start, held_column(p, problem.coefficients())));
    } else if (options_.test == Tests::score && std::isnan(out_.statistic)) {
      const std::unique_ptr<Evaluator> rows =
          problem.evaluator(execution_, problem.likelihood(), 1);
      std::vector<Index> all(problem.coefficients());
      for (std::size_t j = 0; j < all.size(); ++j) all[j] = static_cast<Index>(j);
      out_.statistic = shared_.unit * score_statistics(*rows, null_start, {all})[0];
    }
    describe(result, p, problem.coefficient_scale());
    set_statistic();
  }

  static std::vector<bool> held_column(Index columns, Index coefficients) {
    std::vector<bool> held(coefficients, false);
    for (Index j = columns - 1; j < coefficients; j += columns) held[j] = true;
    return held;
  }

  // Under a penalty the model without the column is that with its coefficient held at zero
  // (Heinze & Schemper 2002).
  void set_held_loglik(const Result& held) {
    const bool known = has_ended_well(held.status);
    out_.null_loglik = known ? (held.loglik + held.penalty) * shared_.unit : kNone;
  }

  // Estimates, standard errors and, of several predictors, Wald's statistic.
  void describe(const Result& result, Index p, const Vector& scale) {
    const Index predictors = out_.estimate.size();
    std::vector<Index> place(scale.size(), -1);
    Index kept = 0;
    for (Index j = 0; j < scale.size(); ++j) {
      if (!result.aliased[j % p]) place[j] = kept++;
    }
    for (Index k = 0; k < predictors; ++k) {
      const Index j = k * p + p - 1;
      out_.estimate[k] = scale[j] * result.beta[j];
    }
    if (!result.expected_factor.dense) return;
    const Matrix upper = result.expected_factor.dense->upper();
    Matrix half = Matrix::Zero(kept, predictors);
    for (Index k = 0; k < predictors; ++k) half(place[k * p + p - 1], k) = scale[k * p + p - 1];
    upper.transpose().triangularView<Eigen::Lower>().solveInPlace(half);
    const Matrix covariance = half.transpose() * half / shared_.unit;
    out_.error = covariance.diagonal().cwiseSqrt();
    if (options_.test == Tests::wald && predictors > 1) {
      Cholesky factor;
      factor.compute(Information(covariance), std::vector<bool>(predictors, false));
      out_.statistic = factor.half_solve(out_.estimate).squaredNorm();
    }
  }

  void set_statistic() {
    if (options_.test == Tests::likelihood_ratio) {
      out_.statistic = std::max(0.0, 2.0 * (out_.loglik - out_.null_loglik));
    } else if (options_.test == Tests::wald && out_.estimate.size() == 1) {
      const double ratio = out_.estimate[0] / out_.error[0];
      out_.statistic = ratio * ratio;
    }
  }

  const SharedRows& shared_;
  const NullModel& null_;
  const AddedColumn& column_;
  const AdditionOptions& options_;
  const Execution& execution_;
  std::shared_ptr<const Family> family_;
  ProjectedColumn projected_;
  Addition out_;
};

}  // namespace

Addition add_column(const SharedRows& shared,
                    const NullModel& null,
                    const AddedColumn& column,
                    const AdditionOptions& options,
                    const Execution& execution) {
  return OneAddition(shared, null, column, options, execution).run();
}

}  // namespace fastlogit
