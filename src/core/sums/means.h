// The sum of the rows' mean outcomes, times their weights, at some points, and of their derivatives
// at the first point along some directions; with the gradients of both in the coefficients. What
// average predictions and effects are made of: a row with a variable replaced is a linear map of
// the row, so its predictor is the row's own at other coefficients.
#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

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
    const Predictors& predictors = rows.predictors();
    const Design* const design = predictors.design_of_each();
    dense_ = design && design->has_dense_rows() && design->cells() <= kDenseCells;
    const Index columns = points_->cols() + directions_->cols();
    const Index size = dense_ ? predictors.size() : predictors.cells();
    Matrix steps(size, columns);
    for (Index i = 0; i < columns; ++i) {
      steps.col(i) = dense_ ? question(i) : predictors.to_cells(question(i));
    }
    steps_ = std::make_shared<const Matrix>(std::move(steps));
    const Index outcomes = rows.family().outcomes();
    means_.weight = 0.0;
    means_.values = Matrix::Zero(outcomes, columns);
    means_.gradients = Matrix::Zero(size, outcomes * columns);
  }
  void add(const RowBlocks& rows, Rows block) override {
    const Response response = rows.response(block.begin);
    means_.weight += response.weight ? Eigen::Map<const Vector>(response.weight, block.size()).sum()
                                     : static_cast<double>(block.size());
    Matrix x(block.size(), dense_ ? rows.design().cols() : 0);
    if (dense_) rows.design().copy(block, x);
    const Matrix eta = predict(rows, block, x, 0, 1) + rows.offset(block);
    for (Index i = 0; i < means_.values.cols(); i += kAtOnce) {
      add_columns(rows, block, x, eta, i, std::min(kAtOnce, means_.values.cols() - i));
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
    if (dense_) return;
    Matrix gradients(points_->rows(), means_.gradients.cols());
    for (Index i = 0; i < gradients.cols(); ++i) {
      gradients.col(i) = rows.predictors().score_from_cells(means_.gradients.col(i));
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

  // What `count` of the questions, from `first` on, come to, without an offset. x: the rows, where
  // they are dense.
  Matrix predict(
      const RowBlocks& rows, Rows block, const Matrix& x, Index first, Index count) const {
    const Index q = rows.predictors().count();
    if (dense_) {
      return x * Eigen::Map<const Matrix>(steps_->col(first).data(), x.cols(), count * q);
    }
    Matrix eta = Matrix::Zero(block.size(), count * q);
    for (Index i = 0; i < count; ++i) {
      rows.predictors().predict(block, steps_->col(first + i), eta.middleCols(i * q, q));
    }
    return eta;
  }

  void add_columns(const RowBlocks& rows,
                   Rows block,
                   const Matrix& x,
                   const Matrix& eta,
                   Index first,
                   Index count) {
    const Family& family = rows.family();
    const Response response = rows.response(block.begin);
    const Index q = rows.predictors().count();
    const Index outcomes = family.outcomes();
    const Matrix offset = rows.offset(block);
    const Matrix predicted = predict(rows, block, x, first, count);
    Matrix mean(block.size(), outcomes);
    Matrix slopes(block.size(), outcomes * q * count);
    for (Index i = 0; i < count; ++i) {
      const auto at = predicted.middleCols(i * q, q);
      auto slope = slopes.middleCols(i * outcomes * q, outcomes * q);
      if (first + i < points_->cols()) {
        family.means(at + offset, response, mean, slope);
      } else {
        family.means_along(eta, response, at, mean, slope);
      }
      means_.values.col(first + i) += mean.colwise().sum().transpose();
    }
    if (dense_) {
      // q columns of gradients in place of each, one below the other.
      Eigen::Map<Matrix> sums(
          means_.gradients.col(first * outcomes).data(), x.cols(), slopes.cols());
      sums.noalias() += x.transpose() * slopes;
    } else {
      for (Index k = 0; k < outcomes * count; ++k) {
        rows.predictors().add_score(
            block, slopes.middleCols(k * q, q), means_.gradients.col(first * outcomes + k));
      }
    }
  }

  // Up to so many, rows are copied once, and matrices multiplied.
  static constexpr Index kDenseCells = 512;
  static constexpr Index kAtOnce = 32;

  std::shared_ptr<const Matrix> points_;
  std::shared_ptr<const Matrix> directions_;
  bool dense_ = false;
  std::shared_ptr<const Matrix> steps_;  // the points, then the directions; not dense: in cells
  Means means_;
};

}  // namespace fastlogit
