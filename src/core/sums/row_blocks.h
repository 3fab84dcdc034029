// Rows as sums see them, block by block: linear predictors, and what a design and a family make of
// them.
#pragma once

#include <algorithm>
#include <memory>
#include <utility>

#include "../design/basis.h"
#include "../design/design.h"
#include "../family/family.h"
#include "predictors.h"
#include "set_rows.h"

namespace fastlogit {

class RowBlocks {
 public:
  // offset: n x q column by column, or null; of predictors that share slopes n x 1, which counts as
  // a column of these.
  RowBlocks(const Design& design,
            std::shared_ptr<const Family> family,
            Response response,
            const double* offset);

  const Family& family() const { return *family_; }
  Response response(Index begin) const { return response_.from(begin); }
  double constant() const { return response_.constant; }

  void set_basis(const Matrix& basis);

  // How pieces of work run that are not sums over blocks.
  void set_parallel(Parallel parallel) { parallel_ = std::move(parallel); }
  const Parallel& parallel() const { return parallel_; }

  // Is the information formed of all rows at once?
  bool has_whole_information() const {
    return design_.has_whole_information() && !in_basis_ && !family_->cuts() &&
           !family_->of_sets() && family_->predictors() == 1;
  }

  const Design& design() const { return design_; }

  // In the coordinates of the coefficients; and in those of the derivatives.
  const Predictors& predictors() const { return *predictors_; }
  const Predictors& in_basis() const { return in_basis_ ? *in_basis_ : *predictors_; }

  // visit(rows) for the parts of a block that fit into the cache: all rows together, as a family
  // by rows is asked for them, do not.
  template <typename Visit>
  void for_each_part(Rows block, const Visit& visit) const {
    const Index step = family_->by_row() ? design_.block_rows() : std::max<Index>(1, block.size());
    for (Index begin = block.begin; begin < block.end; begin += step) {
      visit(Rows{begin, std::min(begin + step, block.end)});
    }
  }

  // Has a draft of one block in `thinning` this one? What its sums are to be multiplied by to stand
  // for all rows.
  bool is_drafted(Rows block, Index thinning) const {
    return block.begin / design_.block_rows() % thinning == 0;
  }
  double draft_scale(Index thinning) const;

  // Of each predictor, zero where there is none.
  Matrix offset(Rows rows) const;

  // beta in cells
  Matrix predict(Rows rows, const Vector& beta) const;

  // Of families of sets: some rows, in the coordinates of the coefficients, and in those of the
  // derivatives.
  SetBlock sets(Rows rows, const Matrix& eta) const { return sets_of(design_, rows, eta); }
  SetBlock sets_in_basis(Rows rows, const Matrix& eta) const {
    return basis_ ? sets_of(*basis_, rows, eta) : sets(rows, eta);
  }

  // The expected ones, see Family::evaluate().
  Matrix weights(Rows rows, const Vector& beta) const;

 private:
  SetBlock sets_of(const Design& design, Rows rows, const Matrix& eta) const {
    return {design, rows, eta, response(rows.begin), family_->set_scale()};
  }

  const Design& design_;
  std::shared_ptr<const Family> family_;
  Response response_;
  const double* offset_;
  Parallel parallel_ = in_sequence;
  std::unique_ptr<Predictors> predictors_;  // of ordered classes: CutPredictors
  std::unique_ptr<BasisDesign> basis_;
  std::unique_ptr<Predictors> in_basis_;
};

}  // namespace fastlogit
