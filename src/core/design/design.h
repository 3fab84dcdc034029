// Contract: how the rows of the design matrix X (n x p) are stored. A design knows neither the
// response, nor the link, nor what beta means.
//
// Rows are summed in cells: X = Z C, where Z (n x cells) is what is stored, and C (cells x p) is
// applied once to the coefficients before a pass over the rows, and once to the sums after it. For
// most designs Z is X; for factors Z says which level each row has, and C are the contrasts.
#pragma once

#include <memory>

#include "../linalg/parallel.h"
#include "../types.h"
#include "sources.h"

namespace fastlogit {

class QuadraticForm;

// Can dense copies of so many rows be paid for, for the sake of a decomposition?
inline bool are_affordable(Index rows, Index cols) {
  constexpr double kAffordable = 1e9;  // multiplications for the information, dense
  return static_cast<double>(rows) * cols * cols <= kAffordable;
}

class Design {
 public:
  virtual ~Design() = default;

  virtual Index rows() const = 0;
  virtual Index cols() const = 0;
  virtual Index cells() const { return cols(); }

  // C beta
  virtual Vector to_cells(const ConstVectorRef& beta) const { return beta; }

  // C' score and C' information C, of the sums over the cells; the information is symmetric.
  virtual Vector from_cells(const ConstVectorRef& score) const { return score; }
  virtual Matrix information_from_cells(const ConstMatrixRef& information) const {
    return information;
  }

  // C form C', symmetric
  virtual Matrix form_to_cells(const ConstMatrixRef& form) const { return form; }

  // eta += Z[rows] beta, beta in cells
  virtual void predict(Rows rows, const ConstVectorRef& beta, VectorRef eta) const = 0;

  // score += Z[rows]' residual
  virtual void add_score(Rows rows, const ConstVectorRef& residual, VectorRef score) const = 0;

  // sums.row(group) += residual Z[row], of each row to its group; to none where that is negative.
  virtual void add_scores(Rows rows,
                          const ConstVectorRef& residual,
                          const int* group,
                          MatrixRef sums) const = 0;

  // information += Z[rows]' diag(weight) Z[rows], lower triangle; weights may have any sign.
  virtual void add_information(Rows rows,
                               const ConstVectorRef& weight,
                               MatrixRef information) const = 0;

  // Where the information is so large beside the rows that no thread can have a copy, it is formed
  // of all rows at once: X' diag(weight) X, complete.
  virtual bool has_whole_information() const { return false; }
  virtual Matrix whole_information(const ConstVectorRef&, const Parallel&) const { return {}; }

  // The same for a draft: to the digits of single precision, where that costs less.
  virtual void add_draft(Rows rows, const ConstVectorRef& weight, MatrixRef information) const {
    add_information(rows, weight, information);
  }

  // What that costs, in informations.
  virtual double draft_cost() const { return 1.0; }

  // For q predictors, block by block of p x p: the blocks (k, k) += Z[rows]' diag(diagonal_k)
  // Z[rows], the blocks (k, l < k) -= Z[rows]' diag(root_k root_l) Z[rows], lower triangles.
  virtual void add_factored(Rows rows,
                            const ConstMatrixRef& diagonal,
                            const ConstMatrixRef& root,
                            MatrixRef information) const;

  // out = z' A z for each row z of Z[rows]
  virtual void quadratic_form(Rows rows, const QuadraticForm& a, VectorRef out) const = 0;

  // block (rows x p) = X[rows]
  virtual void copy(Rows rows, MatrixRef block) const = 0;

  // Adds the vectors that rows are made of: rows that agree in all of them are equal. False when
  // the design is not made of such vectors.
  virtual bool add_sources(Sources&) const { return false; }

  // The selected rows, read from the selection in place; null without sources.
  virtual std::unique_ptr<Design> select(const Selection&) const { return nullptr; }

  // With one more column of numbers, at most 1 in size, which comes last. Both have to outlive it.
  virtual std::unique_ptr<Design> with_column(const double* column) const;

  // Where X' X is so sparse that the information is to keep to its pattern: sums += those of
  // X[rows]' diag(weight) X[rows], as many and in such an order as suits the rows; and the entries
  // of the pattern that they come to. No pattern: the information is dense.
  virtual std::shared_ptr<const SparsePattern> pattern() const { return nullptr; }
  virtual Index pattern_sums() const { return 0; }
  virtual Vector from_pattern_sums(const Vector& sums) const { return sums; }
  virtual void add_to_pattern(Rows, const ConstVectorRef&, VectorRef) const {}

  // The same as quadratic_form() of a matrix that is given on the pattern.
  virtual void form_on_pattern(Rows, const ConstVectorRef&, VectorRef) const {}

  // sums_j += the squares of column j of X[rows], times their weights.
  virtual void add_squares(Rows rows, const ConstVectorRef& weight, VectorRef sums) const;

  // What a product X' W X v costs of X' W X and its factor.
  virtual double product_share() const { return 1.0; }

  // What no row's linear predictor exceeds, as no number in a row exceeds 1.
  virtual double reach(const ConstVectorRef& beta) const { return beta.lpNorm<1>(); }

  // How many numbers hold the design, and how many rows make a block that fits into the cache.
  virtual Index numbers() const { return rows() * cols(); }
  virtual Index block_rows() const;

  // False where dense copies of all the rows cannot be paid for.
  virtual bool has_dense_rows() const { return true; }
};

}  // namespace fastlogit
