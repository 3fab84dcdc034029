// Contract: which rows are computed where, and that their moments add.
#pragma once

#include "../types.h"

namespace fastlogit {

class Evaluator {
 public:
  virtual ~Evaluator() = default;

  // The number of coefficients, p q.
  virtual Index size() const = 0;

  // True where the expected and the observed information are the same.
  virtual bool canonical() const = 0;

  // The moments at beta, of the coordinates gamma in which beta = T gamma (T the identity until set_basis).
  virtual Moments evaluate(const Vector& beta, Order order, Curvature curvature) = 0;

  // The triangular factor of sqrt(W) X at beta (W the expected weights): what a QR decomposition of all the
  // rows would give, of which no Cholesky factor has the digits when columns are nearly dependent.
  virtual Matrix triangular_factor(const Vector& beta) = 0;

  // Moments are from now on those of X T: derivatives in gamma, where beta = T gamma. Coordinates in which the
  // columns are close to orthogonal keep the digits that X' W X would lose.
  virtual void set_basis(const Matrix& basis) = 0;
};

}  // namespace fastlogit
