// The predictors of ordered classes, which share slopes and have cut-points of their own, see
// ../family/cuts.h: those of all cuts, or those of the two cuts around the class of a row.
//
// The sums of a row go to the cuts that it has, to the slopes by the design's own kernels, and to
// the border between: so it costs what a row of two classes does.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "../family/cuts.h"
#include "../family/family.h"
#include "predictors.h"

namespace fastlogit {

class CutPredictors final : public Predictors {
 public:
  // The design, the cuts and the classes of the response have to outlive this.
  CutPredictors(const Design& design, const Cuts& cuts, const int* category);

  Index count() const override { return cuts_.predictors(); }
  Index size() const override { return cuts_.size(); }
  Index columns() const override { return cuts_.size(); }
  Index cells() const override { return cuts_.own() + design_.cells(); }
  Index information_numbers() const override;

  Vector to_cells(const ConstVectorRef& beta) const override;
  Vector score_from_cells(const ConstVectorRef& sums) const override;

  // The slopes' own block, dense, and as other numbers those of the cuts and of the border.
  Information zero_information() const override;
  Information zero_products() const override { return zero_information(); }
  Information information_from_cells(Information& sums) const override;

  void predict(Rows rows, const ConstVectorRef& in_cells, MatrixRef eta) const override;
  void add_score(Rows rows, const ConstMatrixRef& residual, VectorRef sums) const override;
  void add_information(Rows rows, const ConstMatrixRef& weight, Information& sums) const override;

  // q rows for each, by the triangular factors of the weights.
  Matrix weighted_rows(Rows rows, const ConstMatrixRef& weight) const override;

  Vector direction_to_cells(const ConstVectorRef& direction) const override;
  Vector direction_from_cells(const ConstVectorRef& sums) const override;
  void add_products(Rows rows,
                    const ConstMatrixRef& weight,
                    const ConstMatrixRef& steps,
                    MatrixRef cross,
                    VectorRef squares) const override;

  std::unique_ptr<Leverages> leverages(const Information& inverse) const override;

  // The rows of a predictor in all coefficients.
  Matrix rows_of(Rows rows, Index predictor) const;

 private:
  // Of a row the cut of a predictor; -1: it has none, at the ends.
  Index cut(Index row, Index predictor) const {
    if (!cuts_.around()) return predictor;
    const Index upper = category_[row];
    const Index cut = predictor == 0 ? upper : upper - 1;
    return cut < cuts_.count() ? cut : -1;
  }
  std::vector<int> cuts_of(Rows rows, Index predictor) const;

  // The columns that vary, beginning with ones: 1 or z.
  Index varying() const { return cuts_.own() / cuts_.count(); }
  Matrix varying_columns(Rows rows) const;

  // Where sums of cuts are: of pairs of cuts of columns c and d <= c, and of the border.
  Index pairs_of_cuts() const;
  Index pair_of_cuts(Index j, Index k) const;
  Index border_begins() const { return pairs_of_cuts() * varying() * (varying() + 1) / 2; }

  const Design& design_;
  const Cuts& cuts_;
  const int* category_;
  std::vector<Vector> varying_in_cells_;  // the columns z of the design
};

}  // namespace fastlogit
