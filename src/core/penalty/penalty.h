// Contract: what is added to the log-likelihood, and the penalty that adds nothing.
#pragma once

#include "../engine/evaluator.h"

namespace fastlogit {

class Penalty {
 public:
  virtual ~Penalty() = default;

  // Adds the penalty's value, gradient and curvature at beta to the moments, as far as they are
  // filled.
  virtual void apply(const Vector& beta, Evaluator& evaluator, Moments& moments) const = 0;

  // What a line search has to ask the rows for before the penalised value is known.
  virtual Order line_search_order() const = 0;
};

class NoPenalty final : public Penalty {
 public:
  void apply(const Vector&, Evaluator&, Moments&) const override {}
  Order line_search_order() const override { return Order::value; }
};

}  // namespace fastlogit
