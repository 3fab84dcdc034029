// Another evaluator, with somebody who is told of the moments after each pass that asks for them:
// for progress, and for notes from which to go on.
#pragma once

#include <functional>
#include <utility>

#include "evaluator.h"

namespace fastlogit {

// Called on the calling thread.
using PassObserver = std::function<void(const Vector& beta, const Moments& moments)>;

class ObservedEvaluator final : public Evaluator {
 public:
  // The evaluator has to outlive this one.
  ObservedEvaluator(Evaluator& rows, PassObserver observer)
      : rows_(rows), observer_(std::move(observer)) {}

  void reduce(Sum& sum) override {
    rows_.reduce(sum);
    if (auto* const moments = dynamic_cast<MomentsSum*>(&sum)) {
      observer_(moments->beta(), moments->value());
    }
  }
  Index size() const override { return rows_.size(); }
  bool canonical() const override { return rows_.canonical(); }
  double gradient_cost() const override { return rows_.gradient_cost(); }
  Draft draft() const override { return rows_.draft(); }
  double product_cost() const override { return rows_.product_cost(); }
  void set_basis(const Matrix& basis) override { rows_.set_basis(basis); }
  bool has_dense_rows() const override { return rows_.has_dense_rows(); }
  void run(Index tasks, const Work& work) override { rows_.run(tasks, work); }
  int threads() const override { return rows_.threads(); }

 private:
  Evaluator& rows_;
  PassObserver observer_;
};

}  // namespace fastlogit
