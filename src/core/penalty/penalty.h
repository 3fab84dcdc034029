// Contract: what is added to the log-likelihood or to its score, and the penalty that adds nothing.
#pragma once

#include <cmath>
#include <vector>

#include "../engine/evaluator.h"

namespace fastlogit {

// The coordinates of the moments.
struct CoordinateSystem {
  const Matrix& basis;               // T, p x p: beta = T gamma, predictor by predictor; upper
                                     // triangular; empty: the identity
  const std::vector<bool>& aliased;  // by column of the design

  bool is_aliased(Index coefficient) const;

  // T v and T' v, block by block; T^-1 v, where v has zeros for aliased columns.
  Vector push_forward(Vector v) const;

  Vector pull_back(Vector v) const;

  Vector coordinates_of(Vector v) const;

  // log det T, of the columns that are not aliased.
  double log_volume() const;
};

class Penalty {
 public:
  virtual ~Penalty() = default;

  // Adds the penalty's value, gradient and curvature at beta to the moments, as far as they are
  // filled.
  virtual void apply(const Vector& beta,
                     const CoordinateSystem& system,
                     Evaluator& evaluator,
                     Moments& moments) const = 0;

  // Of a penalty whose curvature is the same everywhere: that times a vector, in the coordinates of
  // the coefficients. Empty where it is not.
  virtual Vector curvature_times(const Vector&) const { return {}; }

  // What a line search has to ask the rows for before the penalised value is known.
  virtual Order line_search_order() const = 0;

  // True where the score is adjusted by leverages: then it takes the expected information at every
  // point, which stays as it is, and no coefficient runs to infinity.
  virtual bool adjusts_score() const { return false; }

  // Of the linear predictors: steps that move them less are not worth another pass.
  double resolution() const { return adjusts_score() ? 1e-11 : 0.0; }

  // False where the adjusted score is the gradient of nothing.
  virtual bool has_value() const { return true; }
};

class NoPenalty final : public Penalty {
 public:
  void apply(const Vector&, const CoordinateSystem&, Evaluator&, Moments&) const override {}
  Vector curvature_times(const Vector& v) const override { return Vector::Zero(v.size()); }
  Order line_search_order() const override { return Order::value; }
};

}  // namespace fastlogit
