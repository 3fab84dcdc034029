// The Cholesky factor of an information, dense or sparse, whatever the scale of its rows and
// columns.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "../types.h"
#include "factor.h"
#include "parallel.h"

namespace fastlogit {

class SparseCholesky;

// A = U' U with U = L' D^-1, where D consists of powers of two such that the diagonal of D A D = L
// L' is between 1 and 4: scaling adds no rounding, and neither range nor accuracy depend on the
// units of a column.
class Cholesky {
 public:
  explicit Cholesky(Parallel parallel = in_sequence);
  Cholesky(Cholesky&&);
  Cholesky& operator=(Cholesky&&);
  ~Cholesky();

  // The lower triangle of A is read; rows and columns that are left out count as those of the
  // identity. False when A is not numerically positive definite or has an entry that is not finite;
  // then the pivot ratio is 0, and whatever is computed from the factor is NaN.
  bool compute(const Information& a, const std::vector<bool>& left_out);

  // The same, but columns of which less than `tolerance` of their squared length is left, after
  // projection on those before them in the order of elimination, are left out, too. Returns all
  // that are.
  std::vector<bool> compute_others(const Information& a, double tolerance);

  // The smallest part of a squared length, over the columns, that is left after projection on the
  // columns before: min_j L_jj^2 / A_jj. Rounding makes it meaningless below 1e-14 or so. 1 without
  // any column.
  double smallest_pivot_ratio() const { return smallest_pivot_ratio_; }

  // A^-1 b
  Vector solve(const Vector& b) const;

  // U'^-1 b, of squared length b' A^-1 b; in some order.
  Vector half_solve(const Vector& b) const;

  // A^-1 b and b' A^-1 b
  std::pair<Vector, double> solve_with_form(const Vector& b) const;

  // log det A, of what is not left out.
  double log_determinant() const;

  // A^-1, with zeros for what is left out; where A has a pattern, on that only.
  Information inverse(const Information& a, const std::vector<bool>& left_out) const;

  // Gives the memory back.
  void forget();

  bool is_sparse() const { return sparse_ != nullptr; }

  // The upper triangular U, of a dense A.
  Matrix upper() const;

  // The same, of the columns that are not left out: shared until the next factor is made.
  DenseFactor dense_factor(const std::vector<bool>& left_out) const;

  InformationFactor sparse_factor() const;

  // The upper triangular U^-1, of a dense A: in the coordinates of its columns A is the identity.
  Matrix inverse_factor() const;

 private:
  static double inverse_root_power_of_two(double diagonal);

  bool factorise(const Information& a,
                 const std::vector<bool>& left_out,
                 double tolerance,
                 std::vector<bool>* skipped);

  bool factorise_dense(const Matrix& a,
                       const std::vector<bool>& left_out,
                       double tolerance,
                       std::vector<bool>* skipped);

  // D A D, below the diagonal; false when it has an entry that is not finite.
  bool copy_scaled(const Matrix& a, const std::vector<bool>& left_out);

  bool factorise_sparse(const Information& a,
                        const std::vector<bool>& left_out,
                        double tolerance,
                        std::vector<bool>* skipped);

  double smallest_ratio() const;

  // L_jj, by column of A.
  double pivot(Index j) const;

  // From half_solve() to solve(), of a dense A.
  Vector solve_rest(Vector half) const;

  Parallel parallel_;
  std::shared_ptr<Matrix> factor_;  // L, where A is dense; above the diagonal it means nothing
  std::unique_ptr<SparseCholesky> sparse_;
  Vector scale_;     // D
  Vector diagonal_;  // of D A D
  double smallest_pivot_ratio_ = 1.0;
};

}  // namespace fastlogit
