// What is kept of a symmetric matrix that has been factorised.
#pragma once

#include <memory>
#include <vector>

#include "../types.h"
#include "parallel.h"

namespace fastlogit {

// L by columns, rows in order, the diagonal first.
struct SparseFactor {
  std::vector<Index> start;
  std::vector<int> row;
  std::vector<double> value;

  Index size() const { return static_cast<Index>(start.size()) - 1; }
  double diagonal(Index j) const { return value[start[j]]; }

  void solve_in_place(Vector& x) const;

  void solve_transposed_in_place(Vector& x) const;
};

// The upper triangular U = L' D^-1, for a diagonal D, of some columns. L stays what it is: where
// there are thousands of columns, each copy is as large as all else.
struct DenseFactor {
  std::shared_ptr<const Matrix> lower;  // L, of all columns; above the diagonal it means nothing
  Vector scale;                         // D, of all columns
  std::vector<Index> kept;              // those of U

  Index size() const { return static_cast<Index>(kept.size()); }

  // out = U S, S diagonal.
  void write_upper(const Vector& scale, const Parallel& parallel, MatrixRef out) const;

  Matrix upper() const;
};

// What a fit keeps of an information: U with U' U = A; or, where A is sparse, L with L L' = P A P',
// where old_of[k] is the row of A that is row k of P A P'.
struct InformationFactor {
  std::shared_ptr<const DenseFactor> dense;
  std::shared_ptr<const SparseFactor> sparse;
  std::vector<int> old_of;

  bool empty() const { return !dense && !sparse; }
  bool is(const InformationFactor& other) const {
    return dense == other.dense && sparse == other.sparse;
  }
};

}  // namespace fastlogit
