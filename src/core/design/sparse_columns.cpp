#include "sparse_columns.h"

namespace fastlogit {

SparseColumns::SparseColumns(const std::vector<std::vector<Variable>>& terms, Index rows)
    : rows_(rows) {
  for (const std::vector<Variable>& term : terms) {
    Term pieces;
    Index stride = 1;
    for (const Variable& variable : term) {
      pieces.push_back({variable.numbers, variable.codes, variable.contrasts, stride});
      stride *= variable.cols();
    }
    terms_.push_back({std::move(pieces), cols_});
    cols_ += stride;
  }
}

std::vector<Index> SparseColumns::starts() const {
  std::vector<Index> start(cols_ + 1, 0);
  for_each([&](Index, Index column, double) { ++start[column + 1]; });
  for (Index j = 0; j < cols_; ++j) start[j + 1] += start[j];
  return start;
}

void SparseColumns::write(std::vector<Index> next, int* row, double* value) const {
  for_each([&](Index i, Index column, double number) {
    const Index to = next[column]++;
    row[to] = static_cast<int>(i);
    value[to] = number;
  });
}

}  // namespace fastlogit
