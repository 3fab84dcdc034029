// Another evaluator, with somebody who is told after each of its passes: for progress, and for
// notes from which to go on.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "evaluator.h"

namespace fastlogit {

// Called on the calling thread.
using Witness = std::function<void(const Vector& beta, const Moments& moments)>;

class WatchedEvaluator final : public Evaluator {
 public:
  // The evaluator has to outlive this one.
  WatchedEvaluator(Evaluator& rows, Witness witness) : rows_(rows), witness_(std::move(witness)) {}

  Moments evaluate(const Vector& beta, Order order, Curvature curvature) override {
    Moments moments = rows_.evaluate(beta, order, curvature);
    witness_(beta, moments);
    return moments;
  }

  std::vector<Moments> gradients(const std::vector<Vector>& points) override {
    return rows_.gradients(points);
  }
  Index size() const override { return rows_.size(); }
  bool canonical() const override { return rows_.canonical(); }
  double gradient_cost() const override { return rows_.gradient_cost(); }
  Matrix triangular_factor(const Vector& beta) override { return rows_.triangular_factor(beta); }
  void set_basis(const Matrix& basis) override { rows_.set_basis(basis); }
  bool has_dense_rows() const override { return rows_.has_dense_rows(); }
  RowProducts products(const Vector& beta, const Matrix& directions) override {
    return rows_.products(beta, directions);
  }
  Vector adjustment(const Vector& beta, Adjustment kind, const Information& inverse) override {
    return rows_.adjustment(beta, kind, inverse);
  }
  Vector cubes(const Vector& beta, const Matrix& directions) override {
    return rows_.cubes(beta, directions);
  }
  void run(Index tasks, const Work& work) override { rows_.run(tasks, work); }
  int threads() const override { return rows_.threads(); }

 private:
  Evaluator& rows_;
  Witness witness_;
};

}  // namespace fastlogit
