// The sum of the rows' mean outcomes, times their weights, at some points, and of their derivatives
// at the first point along some directions; with the gradients of both in the coefficients. What
// average predictions and effects are made of: a row with a variable replaced is a linear map of
// the row, so its predictor is the row's own at other coefficients.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "cells.h"
#include "sum.h"

namespace fastlogit {

struct Means {
  double weight = 0.0;  // of all rows
  Matrix values;        // K x (points, then directions)
  Matrix gradients;     // p q x the same, column by column; empty where nothing has been added
};

class MeansSum final : public SumOf<MeansSum> {
 public:
  static constexpr const char* kName = "means";

  // p q x the number of points, and of directions.
  MeansSum(Matrix points, Matrix directions)
      : points_(std::make_shared<const Matrix>(std::move(points))),
        directions_(std::make_shared<const Matrix>(std::move(directions))) {}
  explicit MeansSum(Unpacker& in)
      : points_(std::make_shared<const Matrix>(in.sized())),
        directions_(std::make_shared<const Matrix>(in.sized())) {}

  static std::vector<MeansSum> examples(const ExamplePoint& at) {
    Matrix points(at.beta.size(), 2);
    points << at.beta, 0.5 * at.beta + at.directions.col(0);
    return {{points, at.directions}, {at.beta, Matrix(at.beta.size(), 0)}};
  }

  Order order() const override { return Order::gradient; }

  void pack_question(Packer& out) const override {
    out.add_sized(*points_);
    out.add_sized(*directions_);
  }

  void zero() override { means_ = Means(); }
  void zero(const RowBlocks& rows) override {
    const Index q = rows.family().predictors();
    const Index columns = points_->cols() + directions_->cols();
    std::vector<Vector> in_cells;
    for (Index i = 0; i < columns; ++i) in_cells.push_back(rows.to_cells(question(i)));
    in_cells_ = std::make_shared<const std::vector<Vector>>(std::move(in_cells));
    const Index outcomes = rows.family().outcomes();
    means_.weight = 0.0;
    means_.values = Matrix::Zero(outcomes, columns);
    means_.gradients = Matrix::Zero(rows.design().cells() * q, outcomes * columns);
  }
  void add(const RowBlocks& rows, Rows block) override {
    const Family& family = rows.family();
    const Response response = rows.response(block.begin);
    const Index q = family.predictors();
    const Index points = points_->cols();
    means_.weight += response.weight ? Eigen::Map<const Vector>(response.weight, block.size()).sum()
                                     : static_cast<double>(block.size());
    Matrix mean(block.size(), family.outcomes());
    Matrix slope(block.size(), family.outcomes() * q);
    for (Index i = 0; i < points; ++i) {
      family.means(rows.predict(block, (*in_cells_)[i]), response, mean, slope);
      add_column(rows.design(), block, mean, slope, i);
    }
    if (directions_->cols() == 0) return;
    const Matrix eta = rows.predict(block, in_cells_->front());
    Matrix along(block.size(), q);
    for (Index i = points; i < static_cast<Index>(in_cells_->size()); ++i) {
      along.setZero();
      for (Index j = 0; j < q; ++j) {
        const Index cells = rows.design().cells();
        rows.design().predict(block, (*in_cells_)[i].segment(j * cells, cells), along.col(j));
      }
      family.means_along(eta, response, along, mean, slope);
      add_column(rows.design(), block, mean, slope, i);
    }
  }
  void merge_own(const MeansSum& other) {
    if (other.means_.values.size() == 0) return;
    if (means_.values.size() == 0) {
      means_ = other.means_;
      return;
    }
    means_.weight += other.means_.weight;
    means_.values += other.means_.values;
    means_.gradients += other.means_.gradients;
  }
  void finish(const RowBlocks& rows) override {
    Matrix gradients(points_->rows(), means_.gradients.cols());
    for (Index i = 0; i < gradients.cols(); ++i) {
      gradients.col(i) =
          score_from_cells(rows.design(), rows.family().predictors(), means_.gradients.col(i));
    }
    means_.gradients = std::move(gradients);
  }

  void pack(Packer& out) const override {
    out.add(means_.weight);
    out.add_sized(means_.values);
    out.add(means_.gradients);
  }
  void unpack(Unpacker& in) override {
    means_.weight = in.number();
    means_.values = in.sized();
    means_.gradients = in.matrix(points_->rows(), means_.values.size());
  }

  Means& value() { return means_; }

 private:
  Vector question(Index i) const {
    return i < points_->cols() ? points_->col(i) : directions_->col(i - points_->cols());
  }

  void add_column(
      const Design& design, Rows block, const Matrix& mean, const Matrix& slope, Index column) {
    const Index cells = design.cells();
    const Index q = slope.cols() / mean.cols();
    means_.values.col(column) += mean.colwise().sum().transpose();
    for (Index k = 0; k < mean.cols(); ++k) {
      auto gradient = means_.gradients.col(column * mean.cols() + k);
      for (Index j = 0; j < q; ++j) {
        design.add_score(block, slope.col(k * q + j), gradient.segment(j * cells, cells));
      }
    }
  }

  std::shared_ptr<const Matrix> points_;
  std::shared_ptr<const Matrix> directions_;
  std::shared_ptr<const std::vector<Vector>> in_cells_;  // the points, then the directions
  Means means_;
};

}  // namespace fastlogit
