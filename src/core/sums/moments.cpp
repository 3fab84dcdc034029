#include "moments.h"

#include <limits>

namespace fastlogit {

void PointSums::pack_question(Packer& out) const {
  out.add(static_cast<double>(order_));
  out.add(curvature_ == Curvature::observed ? 1.0 : 0.0);
  out.add(static_cast<double>(thinning_));
  out.add_sized(*points_);
}

PointSums PointSums::unpack_question(Unpacker& in) {
  const Order order = static_cast<Order>(static_cast<int>(in.number()));
  const Curvature curvature = in.number() != 0.0 ? Curvature::observed : Curvature::expected;
  const Index thinning = static_cast<Index>(in.number());
  return {in.sized(), order, curvature, thinning};
}

void PointSums::zero() {
  moments_.assign(points_->cols(), Moments::zero(points_->rows(), order_));
}

void PointSums::zero(const RowBlocks& rows) {
  std::vector<Vector> in_cells;
  for (Index i = 0; i < points_->cols(); ++i) {
    in_cells.push_back(rows.predictors().to_cells(points_->col(i)));
  }
  in_cells_ = std::make_shared<const std::vector<Vector>>(std::move(in_cells));
  Moments nothing;
  nothing.draft = order_ == Order::draft;
  if (order_ >= Order::gradient) nothing.score = Vector::Zero(rows.in_basis().cells());
  const bool whole = order_ >= Order::draft && rows.has_whole_information();
  if (whole) weight_ = std::make_shared<Vector>(Vector::Zero(rows.design().rows()));
  if (order_ >= Order::draft && !whole) {
    nothing.information = rows.family().of_sets() ? Information::zero(points_->rows(), nullptr)
                                                  : rows.in_basis().zero_information();
  }
  moments_.assign(points_->cols(), nothing);
}

void PointSums::add(const RowBlocks& rows, Rows block) {
  for (std::size_t i = 0; i < moments_.size(); ++i) {
    add_at((*in_cells_)[i], rows, block, moments_[i]);
  }
}

void PointSums::add_at(const Vector& in_cells,
                       const RowBlocks& rows,
                       Rows block,
                       Moments& moments) const {
  const Index q = rows.predictors().count();
  const bool draft = order_ == Order::draft;
  const bool left_out = draft && !rows.is_drafted(block, thinning_);
  const Order order = draft ? (left_out ? Order::gradient : Order::information) : order_;
  const Matrix eta = rows.predict(block, in_cells);
  Matrix residual(block.size(), order >= Order::gradient ? q : 0);
  if (rows.family().of_sets() && order >= Order::information) {
    moments.loglik += add_set_information(
        rows.sets_in_basis(block, eta), residual.data(), moments.information.dense());
    return rows.in_basis().add_score(block, residual, moments.score);
  }
  const bool factored = order >= Order::information && rows.family().has_factors();
  const Index pairs = order >= Order::information && !factored ? q * (q + 1) / 2 : 0;
  Matrix weight(block.size(), pairs);
  moments.loglik += rows.family().evaluate(eta,
                                           rows.response(block.begin),
                                           factored ? Order::gradient : order,
                                           curvature_,
                                           residual,
                                           weight);
  if (!(moments.loglik > -std::numeric_limits<double>::infinity())) return;
  if (order >= Order::gradient) rows.in_basis().add_score(block, residual, moments.score);
  if (order < Order::information) return;
  if (weight_) {
    weight_->segment(block.begin, block.size()) = weight;
    return;
  }
  if (factored) return add_factored(rows, block, eta, moments);
  rows.for_each_part(block, [&](Rows part) {
    const auto here = weight.middleRows(part.begin - block.begin, part.size());
    if (draft) return rows.in_basis().add_draft(part, here, moments.information);
    rows.in_basis().add_information(part, here, moments.information);
  });
}

void PointSums::add_factored(const RowBlocks& rows,
                             Rows block,
                             const Matrix& eta,
                             Moments& moments) const {
  Matrix diagonal(block.size(), eta.cols());
  Matrix root(block.size(), eta.cols());
  rows.family().write_factors(eta, rows.response(block.begin), diagonal, root);
  rows.in_basis().add_factored(block, diagonal, root, moments.information);
}

void PointSums::merge(const PointSums& other) {
  for (std::size_t i = 0; i < moments_.size(); ++i) moments_[i] += other.moments_[i];
}

void PointSums::finish(const RowBlocks& rows) {
  for (Moments& moments : moments_) {
    moments.loglik += rows.constant();
    if (order_ >= Order::gradient) {
      moments.score = rows.in_basis().score_from_cells(moments.score);
    }
    if (order_ < Order::draft) continue;
    if (weight_) {
      moments.information = rows.design().whole_information(*weight_, rows.parallel());
    }
    if (order_ == Order::draft) moments.information *= rows.draft_scale(thinning_);
    if (rows.family().of_sets()) {  // by column, not in cells
      Matrix& information = moments.information.dense();
      information.triangularView<Eigen::StrictlyUpper>() = information.transpose();
    } else if (!weight_) {
      moments.information = rows.in_basis().information_from_cells(moments.information);
    }
  }
}

void PointSums::pack(Packer& out) const {
  for (const Moments& moments : moments_) {
    out.add(moments.loglik);
    out.add(moments.score);
    // Where rows are sparse each partition has a pattern of its own, so that only dense ones add.
    if (order_ >= Order::draft) out.add_lower(moments.information.lower());
  }
}

void PointSums::unpack(Unpacker& in) {
  const Index size = points_->rows();
  moments_.assign(points_->cols(), Moments());
  for (Moments& moments : moments_) {
    moments.loglik = in.number();
    moments.draft = order_ == Order::draft;
    if (order_ >= Order::gradient) moments.score = in.vector(size);
    if (order_ < Order::draft) continue;
    Matrix complete = in.lower(size);
    complete.triangularView<Eigen::StrictlyUpper>() = complete.transpose();
    moments.information = std::move(complete);
  }
}

}  // namespace fastlogit
