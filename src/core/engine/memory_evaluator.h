// Sums over rows that are in memory: blocks on threads.
#pragma once

#include <memory>

#include "../design/design.h"
#include "../family/family.h"
#include "evaluator.h"
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
                  Index thinning = 1);

  Index size() const override { return rows_.predictors().size(); }

  Index count() const { return design_.rows(); }

  bool canonical() const override { return family_.canonical(); }

  void reduce(Sum& sum) override;

  // Of small problems nothing can be saved.
  double gradient_cost() const override;

  // Of dense information, where the gradient is cheap beside it.
  Draft draft() const override;

  // Of designs that form the information of all rows at once.
  double product_cost() const override;

  void set_basis(const Matrix& basis) override { rows_.set_basis(basis); }

  bool has_dense_rows() const override;

  void run(Index tasks, const Work& work) override;

  // Small problems are left to one.
  int threads() const override;

  // What an object keeps of every row: eta = offset + X beta, n x q, and, of one predictor, the
  // expected weights.
  void at_rows(const Vector& beta, MatrixRef eta, VectorRef weight);

  // eta, n x q, of each row at the point of its group, counted from 1: a column of coefficients.
  void predict_by_group(const Matrix& points, const int* group, MatrixRef eta);

 private:
  // visit(strip, rows): strips in parallel, the blocks of a strip in order. A strip may take
  // seconds, a block does not: so the user is asked after every block of the calling thread, which
  // is worker 0.
  template <typename Visit>
  void for_each_block(const Visit& visit) {
    for_each_block(visit, [](Index) {});
  }

  // end(strip): after its last block.
  template <typename Visit, typename End>
  void for_each_block(const Visit& visit, const End& end);

  // The sums of all strips are to stay small beside the rows.
  Index affordable_strips() const;

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
  bool sampled_;
};

}  // namespace fastlogit
