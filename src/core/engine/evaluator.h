// Contract: which rows are computed where, and that their moments add.
#pragma once

#include <vector>

#include "../linalg/parallel.h"
#include "../types.h"

namespace fastlogit {

// Of directions D, p x m: X' W X D, and the squared lengths of the columns of sqrt(W) X D.
struct RowProducts {
  Matrix cross;
  Vector squares;

  RowProducts& operator+=(const RowProducts& other) {
    cross += other.cross;
    squares += other.squares;
    return *this;
  }
};

// What a pass up to Order::gradient costs of one up to Order::information, over many rows of p
// columns and q predictors. As measured, in units of a column of a row.
double gradient_share(Index columns, Index predictors);

class Evaluator {
 public:
  virtual ~Evaluator() = default;

  // The number of coefficients, p q.
  virtual Index size() const = 0;

  // True where the expected and the observed information are the same.
  virtual bool canonical() const = 0;

  // The moments at beta, with derivatives in gamma where beta = T gamma; T is the identity until
  // set_basis().
  virtual Moments evaluate(const Vector& beta, Order order, Curvature curvature) = 0;

  // The moments up to Order::gradient at several points.
  virtual std::vector<Moments> gradients(const std::vector<Vector>& points);

  // What a pass up to Order::gradient costs, in passes up to Order::information.
  virtual double gradient_cost() const = 0;

  // The triangular factor of sqrt(W) X at beta (W the expected weights), as a QR decomposition of
  // all the rows gives it: where columns are nearly dependent, a Cholesky factor has half of its
  // digits.
  virtual Matrix triangular_factor(const Vector& beta) = 0;

  // T, p x p: in coordinates in which the columns of X T are nearly orthogonal, T' X' W X T keeps
  // the digits that X' W X loses. An empty matrix is the identity.
  virtual void set_basis(const Matrix& basis) = 0;

  // False where dense copies of the rows cannot be paid for: then neither of the two above is to be
  // called.
  virtual bool has_dense_rows() const { return true; }

  // X' W X D at beta (W the expected weights), with the residual X D formed row by row: where it is
  // small, it keeps the digits that X' W X loses. Asked for where rows are not dense.
  virtual RowProducts products(const Vector&, const Matrix&) { return {}; }

  // The sum of the rows' adjustments of the score at beta, in the coordinates of the moments, given
  // the inverse of the expected information: full, or on its pattern.
  virtual Vector adjustment(const Vector& beta, Adjustment kind, const Information& inverse) = 0;

  // For each column of directions, p q coefficients each, the sum of third-order terms along it:
  // what median bias reduction asks for.
  virtual Vector cubes(const Vector& beta, const Matrix& directions) = 0;

  // Independent pieces of work, on whatever the engine has for them.
  virtual void run(Index tasks, const Work& work) { in_sequence(tasks, work); }

  // How many threads are used.
  virtual int threads() const { return 1; }
};

}  // namespace fastlogit
