// Contract: how the rows of the design matrix X (n x p) are stored. A design knows neither the
// response, nor the link, nor what beta means.
#pragma once

#include <memory>

#include "../linalg/gram.h"
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

  // Where X' X is so sparse that the information is to keep to its pattern: values += the entries
  // of X[rows]' diag(weight) X[rows]. No pattern: the information is dense.
  virtual std::shared_ptr<const SparsePattern> pattern() const { return nullptr; }
  virtual void add_to_pattern(Rows, const ConstVectorRef&, VectorRef) const {}

  // How many numbers hold the design, and how many rows make a block that fits into the cache.
  virtual Index numbers() const { return rows() * cols(); }
  virtual Index block_rows() const { return fastlogit::block_rows(cols()); }

  // False where dense copies of all the rows cannot be paid for.
  virtual bool has_dense_rows() const { return true; }
};

}  // namespace fastlogit
