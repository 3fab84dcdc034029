#include "maximum.h"

namespace fastlogit {

Maximum::Maximum(Evaluator& rows,
                 const Penalty& penalty,
                 Vector beta,
                 std::vector<bool> aliased,
                 std::vector<bool> left_out)
    : penalty_(&penalty),
      beta_(std::move(beta)),
      aliased_(std::move(aliased)),
      left_out_(std::move(left_out)) {
  const Moments moments = moments_at(rows, beta_, Order::information);
  loglik_ = moments.loglik;
  curved_ = factor_.compute(moments.information, left_out_);
  score_ = free_part(moments.score);
  stationary_ = curved_ && promise() <= kStationary;
}

Moments Maximum::moments_at(Evaluator& rows, const Vector& beta, Order order) const {
  const Curvature curvature = penalty_->adjusts_score() ? Curvature::expected : Curvature::observed;
  const Order all = std::max(order, penalty_->line_search_order());
  Moments moments = rows.total(MomentsSum(beta, all, curvature));
  penalty_->apply(beta, {basis_, aliased_}, rows, moments);
  return moments;
}

std::vector<Moments> Maximum::gradients_at(Evaluator& rows,
                                           const std::vector<Vector>& points) const {
  std::vector<Moments> all;
  if (penalty_->line_search_order() > Order::gradient) {
    for (const Vector& beta : points) all.push_back(moments_at(rows, beta, Order::gradient));
    return all;
  }
  Matrix columns(beta_.size(), static_cast<Index>(points.size()));
  for (Index i = 0; i < columns.cols(); ++i) columns.col(i) = points[i];
  all = rows.total(GradientsSum(std::move(columns)));
  for (std::size_t i = 0; i < points.size(); ++i) {
    penalty_->apply(points[i], {basis_, aliased_}, rows, all[i]);
  }
  return all;
}

Vector Maximum::free_part(Vector score) const {
  for (Index j = 0; j < score.size(); ++j) {
    if (left_out_[j]) score[j] = 0.0;
  }
  return score;
}

}  // namespace fastlogit
