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
                 Index thinning = 1);

  Index size() const override { return pieces_.columns() * family_->predictors(); }
  bool canonical() const override { return family_->canonical(); }

  Moments evaluate(const Vector& beta, Order order, Curvature curvature) override;

  // A piece is read once for all points.
  std::vector<Moments> gradients(const std::vector<Vector>& points) override;

  double gradient_cost() const override;

  Matrix triangular_factor(const Vector& beta) override;

  void set_basis(const Matrix& basis) override { basis_ = basis; }

  RowProducts products(const Vector& beta, const Matrix& directions) override;

  Vector adjustment(const Vector& beta, Adjustment kind, const Information& inverse) override;

  Vector cubes(const Vector& beta, const Matrix& directions) override;

  void run(Index tasks, const Work& work) override;

  int threads() const override;

  // As Family::range(), of all rows.
  std::pair<double, double> range_of_predictors(const Vector& beta);

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
  Index affordable_strips() const;

  const Pieces& pieces_;
  std::shared_ptr<const Family> family_;
  int threads_;
  Heartbeat heartbeat_;
  Matrix basis_;                                       // empty: the identity
  std::vector<std::unique_ptr<PieceReader>> readers_;  // by thread
  Partition partition_;                                // of the pieces
};

}  // namespace fastlogit
