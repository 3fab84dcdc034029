// The leverages of the predictors of ordered classes, of rows in all coefficients.
#pragma once

#include <algorithm>
#include <vector>

#include "cut_predictors.h"

namespace fastlogit {

// Of two predictors, in either order.
inline Index pair_of(Index j, Index k) {
  return std::max(j, k) * (std::max(j, k) + 1) / 2 + std::min(j, k);
}

class CutLeverages final : public Leverages {
 public:
  CutLeverages(const CutPredictors& predictors, const Matrix& basis, const Information& inverse)
      : predictors_(predictors), basis_(basis), inverse_(inverse.complete()) {}

  Matrix of(Rows rows) const override {
    const Index q = predictors_.count();
    std::vector<Matrix> own, times;
    for (Index j = 0; j < q; ++j) {
      own.push_back(predictors_.rows_of(rows, j));
      if (basis_.size()) own.back() = (own.back() * basis_).eval();
      times.push_back(own.back() * inverse_);
    }
    Matrix leverage(rows.size(), q * (q + 1) / 2);
    for (Index j = 0; j < q; ++j) {
      for (Index k = 0; k <= j; ++k) {
        leverage.col(pair_of(j, k)) = times[j].cwiseProduct(own[k]).rowwise().sum();
      }
    }
    return leverage;
  }

 private:
  const CutPredictors& predictors_;
  Matrix basis_;
  Matrix inverse_;
};

}  // namespace fastlogit
