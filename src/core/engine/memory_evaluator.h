// The moments of rows that are in memory: blocks on threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "../design/basis.h"
#include "../design/design.h"
#include "../family/family.h"
#include "../linalg/gram.h"
#include "../linalg/qr.h"
#include "cells.h"
#include "evaluator.h"
#include "leverage.h"
#include "partition.h"
#include "threads.h"

namespace fastlogit {

class MemoryEvaluator final : public Evaluator {
 public:
  // offset: n x q column by column, or null. thinning: 1 for all rows, k for about one in k. The
  // arguments must outlive the evaluator.
  MemoryEvaluator(const Design& design,
                  std::shared_ptr<const Family> family,
                  Response response,
                  const double* offset,
                  int threads,
                  Heartbeat heartbeat,
                  Index thinning = 1)
      : design_(design),
        family_(std::move(family)),
        response_(response),
        offset_(offset),
        threads_(design.numbers() / thinning * family_->predictors() < kWorthThreads ? 1 : threads),
        heartbeat_(std::move(heartbeat)),
        partition_(design.rows(),
                   affordable_strips() / thinning,
                   thinning > 1 ? kSampleBlock : design.block_rows(),
                   thinning) {}

  Index size() const override { return design_.cols() * family_->predictors(); }

  Index count() const { return design_.rows(); }

  bool canonical() const override { return family_->canonical(); }

  Moments evaluate(const Vector& beta, Order order, Curvature curvature) override {
    const Vector in_cells = to_cells(beta);
    const Index cells = in_basis().cells() * family_->predictors();
    std::vector<Moments> parts(partition_.strips(), Moments::zero(cells, order, pattern()));
    for_each_block(
        [&](Index strip, Rows rows) { add_block(rows, in_cells, order, curvature, parts[strip]); });
    Moments total = sum_in_order(parts);
    total.loglik += response_.constant;
    return moments_from_cells(in_basis(), family_->predictors(), total, order);
  }

  // Of small problems nothing can be saved.
  double gradient_cost() const override {
    if (design_.rows() * size() < kWorthThreads) return 1.0;
    return gradient_share(design_.cols(), family_->predictors());
  }

  Matrix triangular_factor(const Vector& beta) override {
    const Vector in_cells = to_cells(beta);
    std::vector<Matrix> parts(partition_.strips());
    for_each_block([&](Index strip, Rows rows) {
      parts[strip] = merge(parts[strip], weighted_rows(rows, in_cells));
    });
    Matrix total = std::move(parts.front());
    for (size_t i = 1; i < parts.size(); ++i) total = merge(total, parts[i]);
    return total;
  }

  void set_basis(const Matrix& basis) override {
    basis_ = basis.size() ? std::make_unique<BasisDesign>(design_, basis) : nullptr;
  }

  bool has_dense_rows() const override { return design_.has_dense_rows(); }

  RowProducts products(const Vector& beta, const Matrix& directions) override {
    const Index m = directions.cols();
    std::vector<RowProducts> parts(partition_.strips(),
                                   {Matrix::Zero(directions.rows(), m), Vector::Zero(m)});
    for_each_block([&](Index strip, Rows rows) {
      const Vector weight = total_weight(rows, beta);
      for (Index j = 0; j < m; ++j) {
        Vector residual = Vector::Zero(rows.size());
        design_.predict(rows, directions.col(j), residual);
        parts[strip].squares[j] += weight.dot(residual.cwiseAbs2());
        design_.add_score(rows, weight.cwiseProduct(residual), parts[strip].cross.col(j));
      }
    });
    return sum_in_order(parts);
  }

  Vector adjustment(const Vector& beta, Adjustment kind, const Information& inverse) override {
    const Design& design = in_basis();
    const Index q = family_->predictors();
    const Index cells = design.cells();
    const Vector in_cells = to_cells(beta);
    const Leverages leverages(design, q, inverse);
    std::vector<Vector> parts(partition_.strips(), Vector::Zero(cells * q));
    for_each_block([&](Index strip, Rows rows) {
      Matrix residual = Matrix::Zero(rows.size(), q);
      const Matrix eta = predict(rows, in_cells);
      family_->add_adjustment(eta, response_.from(rows.begin), kind, leverages.of(rows), residual);
      for (Index j = 0; j < q; ++j) {
        design.add_score(rows, residual.col(j), parts[strip].segment(j * cells, cells));
      }
    });
    return score_from_cells(design, q, sum_in_order(parts));
  }

  Vector cubes(const Vector& beta, const Matrix& directions) override {
    const Index q = family_->predictors();
    const Index m = directions.cols();
    const Vector in_cells = to_cells(beta);
    Matrix steps(design_.cells(), q * m);  // q columns for each direction
    for (Index k = 0; k < m; ++k) {
      const Vector step = to_cells(directions.col(k));
      steps.middleCols(k * q, q) = Eigen::Map<const Matrix>(step.data(), design_.cells(), q);
    }
    std::vector<Vector> parts(partition_.strips(), Vector::Zero(m));
    for_each_block([&](Index strip, Rows rows) {
      Matrix along = Matrix::Zero(rows.size(), steps.cols());
      for (Index j = 0; j < along.cols(); ++j) design_.predict(rows, steps.col(j), along.col(j));
      family_->add_cubes(predict(rows, in_cells), response_.from(rows.begin), along, parts[strip]);
    });
    return sum_in_order(parts);
  }

  void run(Index tasks, const Work& work) override {
    const auto task = [&](Index number, int) { work(number); };
    if (!parallel_for(tasks, threads_, task, heartbeat_)) throw Interrupted();
  }

  // Small problems are left to one.
  int threads() const override {
    return static_cast<int>(std::min<Index>(threads_, partition_.strips()));
  }

  // What an object keeps of every row: eta = offset + X beta, n x q, and, of one predictor, the
  // expected weights.
  void at_rows(const Vector& beta, MatrixRef eta, VectorRef weight) {
    const Vector in_cells = to_cells(beta);
    for_each_block([&](Index, Rows rows) {
      auto here = eta.middleRows(rows.begin, rows.size());
      here = predict(rows, in_cells);
      if (weight.size() == 0) return;
      Matrix residual(rows.size(), 1);
      family_->evaluate(here,
                        response_.from(rows.begin),
                        Order::information,
                        Curvature::expected,
                        residual,
                        weight.segment(rows.begin, rows.size()));
    });
  }

 private:
  // visit(strip, rows): strips in parallel, the blocks of a strip in order. A strip may take
  // seconds, a block does not: so the user is asked after every block of the calling thread, which
  // is worker 0.
  template <typename Visit>
  void for_each_block(const Visit& visit) {
    std::atomic<bool> stop{false};
    const auto sum_strip = [&](Index strip, int worker) {
      partition_.for_each_block(partition_.strip(strip), [&](Rows rows) {
        if (stop) return;
        visit(strip, rows);
        if (worker == 0 && heartbeat_()) stop = true;
      });
    };
    const bool finished = parallel_for(partition_.strips(), threads_, sum_strip, heartbeat_);
    if (!finished || stop) throw Interrupted();
  }

  template <typename Sum>
  static Sum sum_in_order(std::vector<Sum>& parts) {
    Sum total = std::move(parts.front());
    for (size_t i = 1; i < parts.size(); ++i) total += parts[i];
    return total;
  }

  // The design in whose coordinates the derivatives are.
  const Design& in_basis() const { return basis_ ? static_cast<const Design&>(*basis_) : design_; }

  Vector to_cells(const Vector& beta) const {
    return coefficients_to_cells(design_, family_->predictors(), beta);
  }

  // beta in cells
  Matrix predict(Rows rows, const Vector& beta) const {
    const Index n = design_.rows();
    const Index cells = design_.cells();
    Matrix eta(rows.size(), family_->predictors());
    for (Index j = 0; j < eta.cols(); ++j) {
      if (offset_) {
        eta.col(j) = Eigen::Map<const Vector>(offset_ + j * n + rows.begin, rows.size());
      } else {
        eta.col(j).setZero();
      }
      design_.predict(rows, beta.segment(j * cells, cells), eta.col(j));
    }
    return eta;
  }

  void add_block(
      Rows rows, const Vector& beta, Order order, Curvature curvature, Moments& moments) const {
    const Design& design = in_basis();
    const Index cells = design.cells();
    const Index q = family_->predictors();
    const Matrix eta = predict(rows, beta);
    Matrix residual(rows.size(), order >= Order::gradient ? q : 0);
    Matrix weight(rows.size(), order >= Order::information ? q * (q + 1) / 2 : 0);
    moments.loglik +=
        family_->evaluate(eta, response_.from(rows.begin), order, curvature, residual, weight);
    if (!(moments.loglik > -std::numeric_limits<double>::infinity())) return;
    for (Index j = 0; j < residual.cols(); ++j) {
      design.add_score(rows, residual.col(j), moments.score.segment(j * cells, cells));
    }
    if (weight.cols() > 0 && moments.information.pattern()) {
      design.add_to_pattern(rows, weight.col(0), moments.information.values());
      return;
    }
    Index pair = 0;
    for (Index j = 0; pair < weight.cols(); ++j) {
      for (Index k = 0; k <= j; ++k, ++pair) {
        design.add_information(
            rows,
            weight.col(pair),
            moments.information.dense().block(j * cells, k * cells, cells, cells));
      }
    }
  }

  // The sum of the predictors' own expected weights.
  Vector total_weight(Rows rows, const Vector& beta) const {
    const Index q = family_->predictors();
    Matrix residual(rows.size(), q);
    Matrix weight(rows.size(), q * (q + 1) / 2);
    family_->evaluate(predict(rows, beta),
                      response_.from(rows.begin),
                      Order::information,
                      Curvature::expected,
                      residual,
                      weight);
    Vector total = Vector::Zero(rows.size());
    for (Index j = 0; j < q; ++j) total += weight.col(j * (j + 3) / 2);
    return total;
  }

  // sqrt(w) X[rows]
  Matrix weighted_rows(Rows rows, const Vector& beta) const {
    Matrix block(rows.size(), design_.cols());
    design_.copy(rows, block);
    return total_weight(rows, beta).cwiseSqrt().asDiagonal() * block;
  }

  // Only one predictor's information has the pattern of X' X, and only in the columns' own
  // coordinates.
  std::shared_ptr<const SparsePattern> pattern() const {
    return family_->predictors() == 1 && !basis_ ? design_.pattern() : nullptr;
  }

  // The moments of all strips are to stay small beside the rows.
  Index affordable_strips() const {
    const std::shared_ptr<const SparsePattern> sparse = pattern();
    const Index q = family_->predictors();
    const Index moments = sparse ? static_cast<Index>(sparse->row.size()) : size() * size();
    return design_.numbers() * q / (4 * std::max<Index>(1, moments));
  }

  // Below this many numbers in the design a thread costs more than it saves.
  static constexpr Index kWorthThreads = 50000;

  // Small enough for a sample to see many places, large enough for whole cache lines.
  static constexpr Index kSampleBlock = 64;

  const Design& design_;
  std::shared_ptr<const Family> family_;
  Response response_;
  const double* offset_;
  int threads_;
  Heartbeat heartbeat_;
  std::unique_ptr<BasisDesign> basis_;
  Partition partition_;
};

}  // namespace fastlogit
