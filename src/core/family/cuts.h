// Which coefficients the linear predictors of ordered classes have. Predictor j of a row is that of
// the cut between the classes j and j + 1, counted from 0:
//
//   eta_j = theta_j + z' gamma_j - x' b
//
// with a cut-point theta_j for each cut, columns z whose coefficients vary from cut to cut, and
// columns x that have one slope for all cuts. The coefficients are the cut-points, those of one
// column z after another, cut by cut, and the slopes.
#pragma once

#include <memory>
#include <vector>

#include "../types.h"

namespace fastlogit {

class Cuts {
 public:
  // columns: of the design; intercept: which of them is all ones, as the cut-points stand for it,
  // or -1; varying: which of them are z. around: a row has the predictors of the two cuts around
  // its class alone, upper first, where there are such; otherwise those of all cuts.
  Cuts(Index count, Index columns, Index intercept, std::vector<Index> varying, bool around);

  Index count() const { return count_; }
  Index predictors() const { return around_ ? 2 : count_; }
  bool around() const { return around_; }
  const std::vector<Index>& varying() const { return varying_; }
  const std::vector<Index>& shared() const { return shared_; }

  // The coefficients that belong to a cut, and all of them.
  Index own() const { return count_ * (1 + static_cast<Index>(varying_.size())); }
  Index size() const { return own() + static_cast<Index>(shared_.size()); }

  // Of each coefficient, given those of the columns.
  Vector scale(const Vector& of_columns) const;

  // The slopes, by column of the design; zero for the others.
  Vector slopes(const ConstVectorRef& beta) const;
  Vector slopes_of(const ConstVectorRef& by_column) const;

  // The information of many cuts is an arrow: cuts that are next to each other meet, and all meet
  // the slopes. Null where that is not worth while.
  const std::shared_ptr<const SparsePattern>& pattern() const { return pattern_; }

  // The same coefficients, with the predictors of all cuts.
  std::shared_ptr<const Cuts> with_all_predictors() const;

 private:
  void find_pattern();

  Index count_;
  Index columns_;
  Index intercept_;
  std::vector<Index> varying_;
  std::vector<Index> shared_;
  bool around_;
  std::shared_ptr<const SparsePattern> pattern_;
};

}  // namespace fastlogit
