#include "moments.h"

#include <limits>

#include "cells.h"
#include "set_rows.h"

namespace fastlogit {

namespace {

// weight: rows x q (q + 1) / 2, see Family::evaluate().
void add_information(const Design& design,
                     Rows rows,
                     const ConstMatrixRef& weight,
                     Information& information) {
  if (information.pattern()) {
    design.add_to_pattern(rows, weight.col(0), information.values());
    return;
  }
  const Index cells = design.cells();
  Index pair = 0;
  for (Index j = 0; pair < weight.cols(); ++j) {
    for (Index k = 0; k <= j; ++k, ++pair) {
      design.add_information(
          rows, weight.col(pair), information.dense().block(j * cells, k * cells, cells, cells));
    }
  }
}

// Of sets only the score is in cells.
Moments set_moments_from_cells(const Design& design, Moments& sums, Order order) {
  if (order >= Order::gradient) sums.score = score_from_cells(design, 1, sums.score);
  if (order >= Order::information) {
    Matrix& information = sums.information.dense();
    information.triangularView<Eigen::StrictlyUpper>() = information.transpose();
  }
  return std::move(sums);
}

}  // namespace

void PointSums::pack_question(Packer& out) const {
  out.add(static_cast<double>(order_));
  out.add(curvature_ == Curvature::observed ? 1.0 : 0.0);
  out.add_sized(*points_);
}

PointSums PointSums::unpack_question(Unpacker& in) {
  const Order order = static_cast<Order>(static_cast<int>(in.number()));
  const Curvature curvature = in.number() != 0.0 ? Curvature::observed : Curvature::expected;
  return {in.sized(), order, curvature};
}

void PointSums::zero() {
  moments_.assign(points_->cols(), Moments::zero(points_->rows(), order_));
}

void PointSums::zero(const RowBlocks& rows) {
  std::vector<Vector> in_cells;
  for (Index i = 0; i < points_->cols(); ++i) in_cells.push_back(rows.to_cells(points_->col(i)));
  in_cells_ = std::make_shared<const std::vector<Vector>>(std::move(in_cells));
  const Index size = rows.in_basis().cells() * rows.family().predictors();
  Moments zero = Moments::zero(size, order_, rows.pattern());
  if (rows.family().of_sets() && order_ >= Order::information) {
    zero.information = Information::zero(rows.in_basis().cols(), nullptr);  // by column
  }
  moments_.assign(points_->cols(), zero);
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
  const Design& design = rows.in_basis();
  const Index cells = design.cells();
  const Index q = rows.family().predictors();
  const Matrix eta = rows.predict(block, in_cells);
  Matrix residual(block.size(), order_ >= Order::gradient ? q : 0);
  Matrix weight(block.size(), order_ >= Order::information ? q * (q + 1) / 2 : 0);
  moments.loglik +=
      rows.family().evaluate(eta, rows.response(block.begin), order_, curvature_, residual, weight);
  if (!(moments.loglik > -std::numeric_limits<double>::infinity())) return;
  for (Index j = 0; j < residual.cols(); ++j) {
    design.add_score(block, residual.col(j), moments.score.segment(j * cells, cells));
  }
  if (weight.cols() == 0) return;
  if (rows.family().of_sets()) {
    return add_set_information(rows.sets(block, eta), moments.information.dense());
  }
  rows.for_each_part(block, [&](Rows part) {
    const auto here = weight.middleRows(part.begin - block.begin, part.size());
    add_information(design, part, here, moments.information);
  });
}

void PointSums::merge(const PointSums& other) {
  for (std::size_t i = 0; i < moments_.size(); ++i) moments_[i] += other.moments_[i];
}

void PointSums::finish(const RowBlocks& rows) {
  for (Moments& moments : moments_) {
    moments.loglik += rows.constant();
    if (rows.family().of_sets()) {
      moments = set_moments_from_cells(rows.in_basis(), moments, order_);
    } else {
      moments = moments_from_cells(rows.in_basis(), rows.family().predictors(), moments, order_);
    }
  }
}

void PointSums::pack(Packer& out) const {
  for (const Moments& moments : moments_) {
    out.add(moments.loglik);
    out.add(moments.score);
    // Where rows are sparse each partition has a pattern of its own, so that only dense ones add.
    if (order_ >= Order::information) out.add_lower(moments.information.lower());
  }
}

void PointSums::unpack(Unpacker& in) {
  const Index size = points_->rows();
  moments_.assign(points_->cols(), Moments());
  for (Moments& moments : moments_) {
    moments.loglik = in.number();
    if (order_ >= Order::gradient) moments.score = in.vector(size);
    if (order_ < Order::information) continue;
    Matrix complete = in.lower(size);
    complete.triangularView<Eigen::StrictlyUpper>() = complete.transpose();
    moments.information = std::move(complete);
  }
}

}  // namespace fastlogit
