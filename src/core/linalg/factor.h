// What is kept of a symmetric matrix that has been factorised.
#pragma once

#include <memory>
#include <vector>

#include "../types.h"

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

// What a fit keeps of an information: the upper triangular U with U' U = A; or, where A is sparse,
// L with L L' = P A P', where old_of[k] is the row of A that is row k of P A P'.
struct InformationFactor {
  std::shared_ptr<const Matrix> upper;
  std::shared_ptr<const SparseFactor> sparse;
  std::vector<int> old_of;

  bool empty() const { return !upper && !sparse; }
  bool is(const InformationFactor& other) const {
    return upper == other.upper && sparse == other.sparse;
  }
};

}  // namespace fastlogit
