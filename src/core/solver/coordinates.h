// The coordinates in which the Newton systems are solved: which columns are aliased, and the basis
// T (beta = T gamma).
//
// Three things can be asked of X' W X, with less and less rounding allowed: a step (almost any will
// do), the digits of the solution, and the rank. A Cholesky factor has lost half of the digits
// where columns are nearly dependent. So the last digits are computed in coordinates in which the
// columns are nearly orthogonal (the inverse of any decent factor gives them), and the rank is
// decided, as by glm(), by a QR decomposition. Where the rows are too many and too wide for that,
// the step is all: the next score corrects it, and residuals formed row by row decide the rank.
#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "../engine/evaluator.h"
#include "../linalg/cholesky.h"
#include "../linalg/qr.h"
#include "../penalty/penalty.h"
#include "dependence.h"
#include "solver.h"
#include "tuning.h"

namespace fastlogit {

class Coordinates {
 public:
  // known: which columns are aliased, or empty where that is to be found out. fixed: by
  // coefficient, or empty; fixed coefficients have no part in the systems.
  Coordinates(Evaluator& rows, Index columns, std::vector<bool> known, std::vector<bool> fixed);

  // A decision on the rank at the start, from the information in the coordinates of the
  // coefficients. True when the moments at beta are to be had again: the basis has changed, or beta
  // has parts along columns that are left out.
  bool decide_rank(const Information& information, const Vector& beta);

  // Is the rank that of a draft, and clear? It is decided once more at the end of the fit.
  bool has_clear_rank(const Information& draft);

  // The same with the weights at the end of the fit; true when the decision has changed.
  bool rank_changes(const Information& information, const Vector& beta);

  // Where rows of very different weight make the information indefinite by rounding: a basis from a
  // QR decomposition at beta. True when there is one.
  bool restore_basis(const Vector& beta);

  // Moves to a basis in which the information is close to the identity, where it is far from it.
  bool improve_basis(const Information& information);

  // On: the columns' own coordinates, with a little added to the information (Levenberg 1944):
  // along directions in which it has vanished, steps vanish with the score.
  void regularise(bool on);

  bool regularised() const { return regularised_; }

  const std::vector<bool>& aliased() const { return aliased_; }
  CoordinateSystem system() const { return {basis_, aliased_}; }
  bool orthogonalised() const { return basis_.size() > 0; }

  // Fewer than half a dozen digits of the factor are left, and other coordinates cannot be paid
  // for.
  bool ill_conditioned() const;

  // Of the information that was factorised last.
  double smallest_pivot_ratio() const { return system_.smallest_pivot_ratio(); }

  // False when the information of the columns that are not aliased is not positive definite. That
  // of the last one serves again.
  bool factorise(const Information& information);

  Step newton_step(const Vector& score) const;

  // Do the moments prove that there is a maximum? What factorise() has factorised is X' W X, for
  // whatever positive weights W, and the score is X' r. Then r - W X d with d = (X' W X)^-1 X' r is
  // orthogonal to X, and where it has the signs of r in all rows there is no direction of recession
  // (Stiemke's lemma). It has where the linear predictors X d are small: for any link w / |r| is
  // below a thousand until probabilities underflow. So this holds for any way to the end. The
  // entries of X are at most 1 in size; and rounding must not be able to make d: where it might,
  // d is corrected, by what is left of the score when X' W X d is formed row by row at beta (with
  // the expected weights), and has to be what corrections that shrink lead to.
  bool certify(const Vector& score, const Vector& beta) const;

  // From the coordinates of the moments to those of the coefficients.
  Vector to_beta(Vector gamma) const { return system().push_forward(std::move(gamma)); }

  // With zeros for the coefficients that are aliased.
  Vector without_aliased(Vector beta) const;

  // With zeros for all that the systems leave out.
  Vector free_part(Vector score) const;

  // That of the information, in the coefficients that are not aliased; a sparse one has those that
  // are, too, with rows and columns of the identity.
  InformationFactor factor() const;

 private:
  Index columns() const { return static_cast<Index>(aliased_.size()); }

  // Of an orthogonalised system: U = L' T^-1, predictor by predictor.
  DenseFactor factor_in_columns() const;

  // The smallest pivot ratio of the information summed over the predictors; 0 when it is not
  // definite.
  double factorise_columns(const Information& information);

  std::vector<bool> dependent_columns(const Information& information, const Vector& beta);

  // By column: has it no part in the information, or is it known to be aliased?
  std::vector<bool> of_nothing(const Information& information) const;

  // How far the exact d moves a linear predictor at most.
  double corrected_reach(const Vector& score, const Vector& beta, Vector step) const;

  // A coefficient that is fixed is none of the coordinates of another basis.
  bool change_basis(Matrix basis);

  bool is_aliased(Index j) const { return aliased_[j % columns()]; }

  void leave_out(std::vector<bool> aliased);

  Matrix kept_block(const Matrix& all) const;

  // The factor that factorise_columns() has made.
  Cholesky& factor_of_columns() { return of_system() ? system_ : columns_; }

  // Are the columns' own systems those of the steps? Then one factor serves for both.
  bool of_system() const {
    return rows_.size() == columns() && left_out_ == aliased_ && !regularised_;
  }

  Evaluator& rows_;
  double tolerance_;            // of the rank
  std::vector<bool> known_;     // aliased whatever the rows say
  std::vector<bool> aliased_;   // by column of the design: the same for all predictors
  std::vector<bool> fixed_;     // by coefficient
  std::vector<bool> left_out_;  // by coefficient: aliased or fixed
  bool rank_was_clear_ = true;
  bool rank_of_draft_ = false;
  bool regularised_ = false;
  Matrix basis_;
  Cholesky columns_;
  Cholesky system_;
  Information::Seal factorised_;  // what system_ is of, if that is known
  bool definite_ = false;         // is it?
};

}  // namespace fastlogit
