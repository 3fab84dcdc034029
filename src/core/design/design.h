// Contract: how the rows of the design matrix X (n x p) are stored. A design knows neither the
// response, nor the link, nor what beta means.
#pragma once

#include "../types.h"

namespace fastlogit {

class Design {
 public:
  virtual ~Design() = default;

  virtual Index rows() const = 0;
  virtual Index cols() const = 0;

  // eta += X[rows] beta
  virtual void predict(Rows rows, const ConstVectorRef& beta, VectorRef eta) const = 0;

  // score += X[rows]' residual
  virtual void add_score(Rows rows, const ConstVectorRef& residual, VectorRef score) const = 0;

  // information += X[rows]' diag(weight) X[rows], lower triangle; weights may have any sign.
  virtual void add_information(Rows rows,
                               const ConstVectorRef& weight,
                               MatrixRef information) const = 0;

  // block (rows x p) = X[rows]
  virtual void copy(Rows rows, MatrixRef block) const = 0;
};

}  // namespace fastlogit
