#include "null_model.h"

#include <utility>

namespace fastlogit {

NullModel::NullModel(const SharedRows& shared,
                     const std::vector<Index>& missing,
                     const Vector& start,
                     const Options& options,
                     const Execution& execution)
    : shared_(shared), prior_(shared.rows.response.weight) {
  std::vector<double> present(shared.rows.design.rows(), 1.0);
  for (const Index row : missing) present[row] = 0.0;
  if (!missing.empty()) {
    weight_ = present;
    for (std::size_t i = 0; prior_ && i < weight_.size(); ++i) weight_[i] *= prior_[i];
  }
  result_.status = Status::infeasible;
  if (!has_rows()) return;
  const ReweightedProblem problem(shared, present.data(), execution);
  result_ = refit(problem, {start, Vector()}, options);
  if (result_.status == Status::infeasible) return;
  range_ = problem.range_of_predictors(result_.beta);
  const Family& family = problem.family();
  const bool simple = family.predictors() == 1 && !family.bounded() && !family.by_row();
  if (simple && has_ended_well(result_.status)) set_sums(problem);
}

bool NullModel::has_rows() const {
  for (Index row = 0; row < shared_.rows.design.rows(); ++row) {
    if (has(row)) return true;
  }
  return false;
}

void NullModel::set_sums(const Problem& problem) {
  const Index n = shared_.rows.design.rows();
  const Information information =
      problem.evaluator(problem.all_threads(), problem.likelihood())
          ->total(MomentsSum(result_.beta, Order::information, Curvature::expected))
          .information;
  if (!factor_.compute(information, result_.aliased)) return;
  Response response = shared_.rows.response;
  response.weight = weight();
  const RowBlocks rows(
      shared_.rows.design, make_family(shared_.model.likelihood), response, shared_.rows.offset);
  const Matrix eta = rows.predict({0, n}, rows.predictors().to_cells(result_.beta));
  residual_.resize(n);
  information_weight_.resize(n);
  rows.family().evaluate(eta,
                         rows.response(0),
                         Order::information,
                         Curvature::expected,
                         residual_,
                         information_weight_);
  if (!rows.family().canonical()) return;
  weight_slope_ = Vector::Zero(n);
  rows.family().add_adjustment(
      eta, rows.response(0), Adjustment::jeffreys, Vector::Ones(n), weight_slope_);
}

Vector NullModel::response_to(const Vector& residual) const {
  const Design& design = shared_.rows.design;
  Vector cross = Vector::Zero(design.cells());
  design.add_score({0, design.rows()}, residual, cross);
  cross = design.from_cells(cross);
  for (Index j = 0; j < cross.size(); ++j) {
    if (result_.aliased[j]) cross[j] = 0.0;
  }
  return factor_.solve(cross);
}

ProjectedColumn NullModel::project(const Vector& column) const {
  const Design& design = shared_.rows.design;
  const Rows all{0, design.rows()};
  const Vector weighted = information_weight_.cwiseProduct(column);
  ProjectedColumn projected;
  projected.projection = response_to(weighted);
  projected.rest = column;
  design.predict(all, design.to_cells(-projected.projection), projected.rest);
  projected.length = information_weight_.dot(projected.rest.cwiseAbs2());
  projected.score = residual_.dot(projected.rest);
  projected.left = projected.length / weighted.dot(column);
  return projected;
}

Vector NullModel::extended_start() const {
  const Index p = shared_.scale.size();
  const Index predictors = result_.beta.size() / p;
  Matrix start = Matrix::Zero(p + 1, predictors);
  start.topRows(p) = Eigen::Map<const Matrix>(result_.beta.data(), p, predictors);
  return Eigen::Map<const Vector>(start.data(), start.size());
}

}  // namespace fastlogit
