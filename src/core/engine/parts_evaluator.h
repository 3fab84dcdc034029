// Sums over rows that come in pieces, such as blocks of a file: each piece becomes a design
// and a response when it is its turn, and no more pieces than threads are in memory at a time.
//
// What is computed of a piece is what MemoryEvaluator computes of rows in memory. Pieces are summed
// in strips, those in order: any number of threads gives the same bits.
#pragma once

#include <memory>
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

  Index size() const override { return family_->coefficients_on(pieces_.columns()); }
  bool canonical() const override { return family_->canonical(); }

  void reduce(Sum& sum) override;

  double gradient_cost() const override;

  void set_basis(const Matrix& basis) override { basis_ = basis; }

  bool has_dense_rows() const override { return !(family_->cuts() && family_->cuts()->pattern()); }

  void run(Index tasks, const Work& work) override;

  int threads() const override;

 private:
  // The sums of all strips together take no more memory than this many numbers.
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
