// Rows as sums see them, block by block: linear predictors, and what a design and a family make of
// them.
#pragma once

#include <algorithm>
#include <memory>

#include "../design/basis.h"
#include "../design/design.h"
#include "../family/family.h"
#include "set_rows.h"

namespace fastlogit {

class RowBlocks {
 public:
  // offset: n x q column by column, or null.
  RowBlocks(const Design& design,
            std::shared_ptr<const Family> family,
            Response response,
            const double* offset);

  const Family& family() const { return *family_; }
  Response response(Index begin) const { return response_.from(begin); }
  double constant() const { return response_.constant; }

  void set_basis(const Matrix& basis);

  const Design& design() const { return design_; }

  // The design in whose coordinates the derivatives are.
  const Design& in_basis() const { return basis_ ? static_cast<const Design&>(*basis_) : design_; }

  // visit(rows) for the parts of a block that fit into the cache: all rows together, as a family
  // by rows is asked for them, do not.
  template <typename Visit>
  void for_each_part(Rows block, const Visit& visit) const {
    const Index step = family_->by_row() ? design_.block_rows() : std::max<Index>(1, block.size());
    for (Index begin = block.begin; begin < block.end; begin += step) {
      visit(Rows{begin, std::min(begin + step, block.end)});
    }
  }

  Vector to_cells(const Vector& beta) const;

  // Of each predictor, zero where there is none.
  Matrix offset(Rows rows) const;

  // beta in cells
  Matrix predict(Rows rows, const Vector& beta) const;

  // The sum of the predictors' own expected weights.
  Vector total_weight(Rows rows, const Vector& beta) const;

  // sqrt(w) X[rows], or as many others of which the information is made
  Matrix weighted_rows(Rows rows, const Vector& beta) const;

  // Of families of sets: the rows in the coordinates of the derivatives.
  SetBlock sets(Rows rows, const Matrix& eta) const;

  // Only one predictor's information has the pattern of X' X, and only in the columns' own
  // coordinates.
  std::shared_ptr<const SparsePattern> pattern() const;

 private:
  const Design& design_;
  std::shared_ptr<const Family> family_;
  Response response_;
  const double* offset_;
  std::unique_ptr<BasisDesign> basis_;
};

}  // namespace fastlogit
