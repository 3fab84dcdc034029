// The moments of rows that come in pieces, such as blocks of a file: each piece becomes a design
// and a response when it is its turn, and no more pieces than threads are in memory at a time.
//
// What is computed of a piece is what MemoryEvaluator computes of rows in memory. Pieces are summed
// in strips, those in order: any number of threads gives the same bits.
#pragma once

#include <algorithm>
#include <atomic>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "memory_evaluator.h"

namespace fastlogit {

// Some rows, where their reader has put them.
struct Piece {
  const Design& design;
  Response response;
  const double* offset;  // rows x q column by column, or null
};

// Reads one piece at a time, into memory of its own. A thread has a reader for itself.
class PieceReader {
 public:
  virtual ~PieceReader() = default;
  virtual Piece read(Index number) = 0;
};

// All the pieces of some rows.
class Pieces {
 public:
  virtual ~Pieces() = default;
  virtual Index count() const = 0;
  virtual Index columns() const = 0;  // of the design
  virtual std::unique_ptr<PieceReader> reader() const = 0;
};

class PartsEvaluator final : public Evaluator {
 public:
  // thinning: 1 for all pieces, k for one in k. The pieces have to outlive the evaluator.
  PartsEvaluator(const Pieces& pieces,
                 std::shared_ptr<const Family> family,
                 int threads,
                 Heartbeat heartbeat,
                 Index thinning = 1)
      : pieces_(pieces),
        family_(std::move(family)),
        threads_(threads),
        heartbeat_(std::move(heartbeat)),
        readers_(threads),
        partition_(pieces.count(), affordable_strips(), 1, thinning) {}

  Index size() const override { return pieces_.columns() * family_->predictors(); }
  bool canonical() const override { return family_->canonical(); }

  Moments evaluate(const Vector& beta, Order order, Curvature curvature) override {
    return sum<Moments>(Moments::zero(size(), order), [&](MemoryEvaluator& rows, Moments& sum) {
      sum += rows.evaluate(beta, order, curvature);
    });
  }

  // A piece is read once for all points.
  std::vector<Moments> gradients(const std::vector<Vector>& points) override {
    const Moments zero = Moments::zero(size(), Order::gradient);
    // By point and strip.
    std::vector<std::vector<Moments>> parts(points.size(), {size_t(partition_.strips()), zero});
    for_each_piece([&](Index strip, MemoryEvaluator& rows) {
      const std::vector<Moments> here = rows.gradients(points);
      for (size_t i = 0; i < points.size(); ++i) parts[i][strip] += here[i];
    });
    std::vector<Moments> all;
    for (std::vector<Moments>& strips : parts) all.push_back(sum_in_order(strips));
    return all;
  }

  double gradient_cost() const override {
    return gradient_share(pieces_.columns(), family_->predictors());
  }

  Matrix triangular_factor(const Vector& beta) override {
    std::vector<Matrix> parts(partition_.strips());
    for_each_piece([&](Index strip, MemoryEvaluator& rows) {
      parts[strip] = merge(parts[strip], rows.triangular_factor(beta));
    });
    return merge(parts);
  }

  void set_basis(const Matrix& basis) override { basis_ = basis; }

  RowProducts products(const Vector& beta, const Matrix& directions) override {
    const Index m = directions.cols();
    const RowProducts zero{Matrix::Zero(directions.rows(), m), Vector::Zero(m)};
    return sum<RowProducts>(zero, [&](MemoryEvaluator& rows, RowProducts& sum) {
      sum += rows.products(beta, directions);
    });
  }

  Vector adjustment(const Vector& beta, Adjustment kind, const Information& inverse) override {
    return sum<Vector>(Vector::Zero(size()), [&](MemoryEvaluator& rows, Vector& sum) {
      sum += rows.adjustment(beta, kind, inverse);
    });
  }

  Vector cubes(const Vector& beta, const Matrix& directions) override {
    return sum<Vector>(Vector::Zero(directions.cols()), [&](MemoryEvaluator& rows, Vector& sum) {
      sum += rows.cubes(beta, directions);
    });
  }

  void run(Index tasks, const Work& work) override {
    run_parallel(tasks, threads_, work, heartbeat_);
  }

  int threads() const override {
    return static_cast<int>(std::min<Index>(threads_, partition_.strips()));
  }

  // As Family::range(), of all rows.
  std::pair<double, double> range_of_predictors(const Vector& beta) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    std::vector<std::pair<double, double>> parts(partition_.strips(), {kInfinity, -kInfinity});
    for_each_piece([&](Index strip, MemoryEvaluator& rows) {
      Matrix eta(rows.count(), family_->predictors());
      Vector no_weights;
      rows.at_rows(beta, eta, no_weights);
      const std::pair<double, double> piece = family_->range(eta);
      parts[strip].first = std::min(parts[strip].first, piece.first);
      parts[strip].second = std::max(parts[strip].second, piece.second);
    });
    std::pair<double, double> range = parts.front();
    for (const auto& part : parts) {
      range = {std::min(range.first, part.first), std::max(range.second, part.second)};
    }
    return range;
  }

 private:
  // visit(strip, rows): strips in parallel, the pieces of a strip in order.
  template <typename Visit>
  void for_each_piece(const Visit& visit) {
    std::atomic<bool> stop{false};
    const Heartbeat ask = [&] {
      if (!stop && heartbeat_ && heartbeat_()) stop = true;
      return stop.load();
    };
    const Heartbeat listen = [&] { return stop.load(); };
    const auto sum_strip = [&](Index strip, int worker) {
      if (!readers_[worker]) readers_[worker] = pieces_.reader();
      partition_.for_each_block(partition_.strip(strip), [&](Rows one) {
        if (stop) return;
        const Piece piece = readers_[worker]->read(one.begin);
        MemoryEvaluator rows(
            piece.design, family_, piece.response, piece.offset, 1, worker == 0 ? ask : listen);
        rows.set_basis(basis_);
        visit(strip, rows);
      });
    };
    const bool finished = parallel_for(partition_.strips(), threads_, sum_strip, ask);
    if (!finished || stop) throw Interrupted();
  }

  template <typename Sum, typename Add>
  Sum sum(const Sum& zero, const Add& add) {
    std::vector<Sum> parts(partition_.strips(), zero);
    for_each_piece([&](Index strip, MemoryEvaluator& rows) { add(rows, parts[strip]); });
    return sum_in_order(parts);
  }

  // The moments of all strips together take no more memory than this many numbers.
  Index affordable_strips() const {
    constexpr Index kNumbers = Index{1} << 22;
    return kNumbers / std::max<Index>(1, size() * size());
  }

  const Pieces& pieces_;
  std::shared_ptr<const Family> family_;
  int threads_;
  Heartbeat heartbeat_;
  Matrix basis_;                                       // empty: the identity
  std::vector<std::unique_ptr<PieceReader>> readers_;  // by thread
  Partition partition_;                                // of the pieces
};

}  // namespace fastlogit
