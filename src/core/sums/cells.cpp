#include "cells.h"

namespace fastlogit {

Vector coefficients_to_cells(const Design& design, Index predictors, const Vector& beta) {
  const Index p = design.cols();
  const Index cells = design.cells();
  Vector in_cells(cells * predictors);
  for (Index j = 0; j < predictors; ++j) {
    in_cells.segment(j * cells, cells) = design.to_cells(beta.segment(j * p, p));
  }
  return in_cells;
}

Vector score_from_cells(const Design& design, Index predictors, const Vector& sums) {
  const Index p = design.cols();
  const Index cells = design.cells();
  Vector score(p * predictors);
  for (Index j = 0; j < predictors; ++j) {
    score.segment(j * p, p) = design.from_cells(sums.segment(j * cells, cells));
  }
  return score;
}

Matrix information_from_cells(const Design& design, Index predictors, Matrix& sums) {
  const Index p = design.cols();
  const Index cells = design.cells();
  Matrix information(p * predictors, p * predictors);
  for (Index j = 0; j < predictors; ++j) {
    for (Index k = 0; k <= j; ++k) {
      auto block = sums.block(j * cells, k * cells, cells, cells);
      block.template triangularView<Eigen::StrictlyUpper>() = block.transpose();
      information.block(j * p, k * p, p, p) = design.information_from_cells(block);
      if (j == k) continue;
      information.block(k * p, j * p, p, p) = information.block(j * p, k * p, p, p);
    }
  }
  return information;
}

Moments moments_from_cells(const Design& design, Index predictors, Moments& sums, Order order) {
  if (sums.information.pattern()) return std::move(sums);  // the cells are the columns
  Moments moments;
  moments.loglik = sums.loglik;
  if (order >= Order::gradient) moments.score = score_from_cells(design, predictors, sums.score);
  if (order >= Order::information) {
    moments.information = information_from_cells(design, predictors, sums.information.dense());
  }
  return moments;
}

}  // namespace fastlogit
