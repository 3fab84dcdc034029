// The moments of rows that are in memory: blocks on threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>
#include <vector>

#include "../design/design.h"
#include "../family/family.h"
#include "../linalg/qr.h"
#include "evaluator.h"
#include "leverage.h"
#include "partition.h"
#include "row_blocks.h"
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
      : rows_(design, std::move(family), response, offset),
        design_(design),
        family_(rows_.family()),
        threads_(design.numbers() / thinning * family_.predictors() < kWorthThreads ? 1 : threads),
        heartbeat_(std::move(heartbeat)),
        partition_(design.rows(),
                   affordable_strips() / thinning,
                   thinning > 1 ? kSampleBlock : design.block_rows(),
                   thinning) {}

  Index size() const override { return design_.cols() * family_.predictors(); }

  Index count() const { return design_.rows(); }

  bool canonical() const override { return family_.canonical(); }

  Moments evaluate(const Vector& beta, Order order, Curvature curvature) override {
    return std::move(moments_at({beta}, order, curvature).front());
  }

  std::vector<Moments> gradients(const std::vector<Vector>& points) override {
    return moments_at(points, Order::gradient, Curvature::observed);
  }

  // Of small problems nothing can be saved.
  double gradient_cost() const override {
    if (design_.rows() * size() < kWorthThreads) return 1.0;
    return gradient_share(design_.cols(), family_.predictors());
  }

  Matrix triangular_factor(const Vector& beta) override {
    const Vector in_cells = rows_.to_cells(beta);
    std::vector<Matrix> parts(partition_.strips());
    for_each_block([&](Index strip, Rows rows) {
      parts[strip] = merge(parts[strip], rows_.weighted_rows(rows, in_cells));
    });
    return merge(parts);
  }

  void set_basis(const Matrix& basis) override { rows_.set_basis(basis); }

  bool has_dense_rows() const override { return design_.has_dense_rows(); }

  RowProducts products(const Vector& beta, const Matrix& directions) override {
    const Index m = directions.cols();
    std::vector<RowProducts> parts(partition_.strips(),
                                   {Matrix::Zero(directions.rows(), m), Vector::Zero(m)});
    for_each_block([&](Index strip, Rows rows) {
      const Vector weight = rows_.total_weight(rows, beta);
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
    const Design& design = rows_.in_basis();
    const Index q = family_.predictors();
    const Index cells = design.cells();
    const Vector in_cells = rows_.to_cells(beta);
    const Leverages leverages(design, q, inverse);
    std::vector<Vector> parts(partition_.strips(), Vector::Zero(cells * q));
    for_each_block([&](Index strip, Rows rows) {
      Matrix residual = Matrix::Zero(rows.size(), q);
      const Matrix eta = rows_.predict(rows, in_cells);
      family_.add_adjustment(eta, rows_.response(rows.begin), kind, leverages.of(rows), residual);
      for (Index j = 0; j < q; ++j) {
        design.add_score(rows, residual.col(j), parts[strip].segment(j * cells, cells));
      }
    });
    return score_from_cells(design, q, sum_in_order(parts));
  }

  Vector cubes(const Vector& beta, const Matrix& directions) override {
    const Index q = family_.predictors();
    const Index m = directions.cols();
    const Vector in_cells = rows_.to_cells(beta);
    Matrix steps(design_.cells(), q * m);  // q columns for each direction
    for (Index k = 0; k < m; ++k) {
      const Vector step = rows_.to_cells(directions.col(k));
      steps.middleCols(k * q, q) = Eigen::Map<const Matrix>(step.data(), design_.cells(), q);
    }
    std::vector<Vector> parts(partition_.strips(), Vector::Zero(m));
    for_each_block([&](Index strip, Rows rows) {
      Matrix along = Matrix::Zero(rows.size(), steps.cols());
      for (Index j = 0; j < along.cols(); ++j) design_.predict(rows, steps.col(j), along.col(j));
      family_.add_cubes(
          rows_.predict(rows, in_cells), rows_.response(rows.begin), along, parts[strip]);
    });
    return sum_in_order(parts);
  }

  void run(Index tasks, const Work& work) override {
    run_parallel(tasks, threads_, work, heartbeat_);
  }

  // Small problems are left to one.
  int threads() const override {
    return static_cast<int>(std::min<Index>(threads_, partition_.strips()));
  }

  // What an object keeps of every row: eta = offset + X beta, n x q, and, of one predictor, the
  // expected weights.
  void at_rows(const Vector& beta, MatrixRef eta, VectorRef weight) {
    const Vector in_cells = rows_.to_cells(beta);
    for_each_block([&](Index, Rows rows) {
      auto here = eta.middleRows(rows.begin, rows.size());
      here = rows_.predict(rows, in_cells);
      if (weight.size() == 0) return;
      Matrix residual(rows.size(), 1);
      family_.evaluate(here,
                       rows_.response(rows.begin),
                       Order::information,
                       Curvature::expected,
                       residual,
                       weight.segment(rows.begin, rows.size()));
    });
  }

 private:
  // A block of rows is read from memory once for all points.
  std::vector<Moments> moments_at(const std::vector<Vector>& points,
                                  Order order,
                                  Curvature curvature) {
    std::vector<Vector> in_cells;
    for (const Vector& beta : points) in_cells.push_back(rows_.to_cells(beta));
    const Moments zero =
        Moments::zero(rows_.in_basis().cells() * family_.predictors(), order, rows_.pattern());
    // By point and strip.
    std::vector<std::vector<Moments>> parts(points.size(), {size_t(partition_.strips()), zero});
    for_each_block([&](Index strip, Rows rows) {
      for (size_t i = 0; i < points.size(); ++i) {
        rows_.add_block(rows, in_cells[i], order, curvature, parts[i][strip]);
      }
    });
    std::vector<Moments> all;
    for (std::vector<Moments>& strips : parts) {
      Moments total = sum_in_order(strips);
      total.loglik += rows_.constant();
      all.push_back(moments_from_cells(rows_.in_basis(), family_.predictors(), total, order));
    }
    return all;
  }

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

  // The moments of all strips are to stay small beside the rows.
  Index affordable_strips() const {
    const std::shared_ptr<const SparsePattern> sparse = rows_.pattern();
    const Index q = family_.predictors();
    const Index moments = sparse ? static_cast<Index>(sparse->row.size()) : size() * size();
    return design_.numbers() * q / (4 * std::max<Index>(1, moments));
  }

  // Below this many numbers in the design a thread costs more than it saves.
  static constexpr Index kWorthThreads = 50000;

  // Small enough for a sample to see many places, large enough for whole cache lines.
  static constexpr Index kSampleBlock = 64;

  RowBlocks rows_;
  const Design& design_;
  const Family& family_;
  int threads_;
  Heartbeat heartbeat_;
  Partition partition_;
};

}  // namespace fastlogit
