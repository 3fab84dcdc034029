// Contract: how coefficients become the linear predictors of rows, and sums over rows those of the
// coefficients. It is asked here and nowhere else: no sum knows which coefficients predictors
// share.
//
// Sums run in cells, as those of a design do (see ../design/design.h): coefficients go there once
// before a pass over the rows, and scores and informations come back once after it.
#pragma once

#include <memory>

#include "../design/design.h"

namespace fastlogit {

// The leverages of rows, without their weights.
class Leverages {
 public:
  virtual ~Leverages() = default;

  // x_j' S x_k for the rows x_j of the predictors and an inverse information S: rows x q (q + 1) /
  // 2, pairs (j, k <= j) row by row of the lower triangle.
  virtual Matrix of(Rows rows) const = 0;
};

class Predictors {
 public:
  virtual ~Predictors() = default;

  // q: of each row.
  virtual Index count() const = 0;

  // The number of coefficients; and the columns of which rank and coordinates are those of all: the
  // coefficients, or those of one predictor where each has the same columns.
  virtual Index size() const = 0;
  virtual Index columns() const = 0;

  // The numbers of a score in cells, and of an information.
  virtual Index cells() const = 0;
  virtual Index information_numbers() const = 0;

  // The design of each predictor, where each has coefficients of its own.
  virtual const Design* design_of_each() const { return nullptr; }

  virtual Vector to_cells(const ConstVectorRef& beta) const = 0;
  virtual Vector score_from_cells(const ConstVectorRef& sums) const = 0;

  // Nothing, in cells; on a pattern where there is one, or dense.
  virtual Information zero_information() const = 0;
  virtual Information zero_products() const = 0;

  // Complete, but on a pattern.
  virtual Information information_from_cells(Information& sums) const = 0;

  // eta (rows x q) += what coefficients in cells come to.
  virtual void predict(Rows rows, const ConstVectorRef& in_cells, MatrixRef eta) const = 0;

  // residual: rows x q.
  virtual void add_score(Rows rows, const ConstMatrixRef& residual, VectorRef sums) const = 0;

  // weight: rows x q (q + 1) / 2, see Family::evaluate(). Weights may have any sign.
  virtual void add_information(Rows rows,
                               const ConstMatrixRef& weight,
                               Information& sums) const = 0;

  // The same for a draft, see Design::add_draft().
  virtual void add_draft(Rows rows, const ConstMatrixRef& weight, Information& sums) const {
    add_information(rows, weight, sums);
  }

  // The same by Family::write_factors(), of separate predictors.
  virtual void add_factored(Rows,
                            const ConstMatrixRef&,
                            const ConstMatrixRef&,
                            Information&) const {}

  // Rows whose products are the information, summed over the blocks of the columns.
  virtual Matrix weighted_rows(Rows rows, const ConstMatrixRef& weight) const = 0;

  // Directions in the columns, to cells and back.
  virtual Vector direction_to_cells(const ConstVectorRef& direction) const = 0;
  virtual Vector direction_from_cells(const ConstVectorRef& sums) const = 0;

  // For steps D, a column each, in cells, and X the weighted rows: cross += X' X D, squares += the
  // squared lengths of X D, with X D formed row by row.
  virtual void add_products(Rows rows,
                            const ConstMatrixRef& weight,
                            const ConstMatrixRef& steps,
                            MatrixRef cross,
                            VectorRef squares) const = 0;

  // The inverse has to outlive them.
  virtual std::unique_ptr<Leverages> leverages(const Information& inverse) const = 0;
};

}  // namespace fastlogit
