#include "selected_inverse.h"

#include <algorithm>

#include "triangle_inverse.h"

namespace fastlogit {

namespace {

// Of the columns from `full` on, which have all their rows: those of a dense inverse.
void invert_tail(const SparseFactor& lower, Index full, std::vector<double>& inverse) {
  const Index size = lower.size() - full;
  Matrix upper = Matrix::Zero(size, size);
  for (Index j = 0; j < size; ++j) {
    const double* const column = lower.value.data() + lower.start[full + j];
    for (Index i = j; i < size; ++i) upper(j, i) = column[i - j];
  }
  const Matrix dense = inverse_from_factor(upper, in_sequence);
  for (Index j = 0; j < size; ++j) {
    double* const column = inverse.data() + lower.start[full + j];
    for (Index i = j; i < size; ++i) column[i - j] = dense(i, j);
  }
}

}  // namespace

std::vector<double> inverse_on_factor(const SparseFactor& lower) {
  const Index p = lower.size();
  std::vector<double> inverse(lower.value.size(), 0.0);
  std::vector<Index> place(p, -1);  // of a row in column j
  Index full = p;                   // from here on columns have all their rows
  while (full > 0 && lower.start[full] - lower.start[full - 1] == p - full + 1) --full;
  invert_tail(lower, full, inverse);
  for (Index j = full - 1; j >= 0; --j) {
    const Index begin = lower.start[j];
    const Index end = lower.start[j + 1];
    const double pivot = lower.value[begin];
    for (Index at = begin + 1; at < end; ++at) place[lower.row[at]] = at;
    for (Index at = begin + 1; at < end; ++at) {
      // Column k of the inverse, as far as it meets the pattern of column j.
      const Index k = lower.row[at];
      if (k >= full) {
        const double* const column = inverse.data() + lower.start[k] - k;
        double sum = lower.value[at] * column[k];
        for (Index other = at + 1; other < end; ++other) {
          const double entry = column[lower.row[other]];
          inverse[other] -= lower.value[at] / pivot * entry;
          sum += lower.value[other] * entry;
        }
        inverse[at] -= sum / pivot;
        continue;
      }
      for (Index in_k = lower.start[k]; in_k < lower.start[k + 1]; ++in_k) {
        const Index other = place[lower.row[in_k]];
        if (other < 0) continue;
        inverse[other] -= lower.value[at] / pivot * inverse[in_k];
        if (other != at) inverse[at] -= lower.value[other] / pivot * inverse[in_k];
      }
    }
    inverse[begin] = 1.0 / (pivot * pivot);
    for (Index at = begin + 1; at < end; ++at) {
      inverse[begin] -= lower.value[at] / pivot * inverse[at];
      place[lower.row[at]] = -1;
    }
  }
  return inverse;
}

Vector inverse_diagonal(const SparseFactor& lower) {
  const std::vector<double> inverse = inverse_on_factor(lower);
  return Vector::NullaryExpr(lower.size(), [&](Index j) { return inverse[lower.start[j]]; });
}

Vector inverse_on_pattern(const SparseFactor& lower,
                          const std::vector<int>& new_of,
                          const SparsePattern& pattern) {
  const std::vector<double> inverse = inverse_on_factor(lower);
  Vector values(static_cast<Index>(pattern.row.size()));
  for (Index j = 0; j < pattern.size(); ++j) {
    for (Index at = pattern.start[j]; at < pattern.start[j + 1]; ++at) {
      const int a = new_of[j];
      const int b = new_of[pattern.row[at]];
      const Index column = std::min(a, b);
      const auto begin = lower.row.begin() + lower.start[column];
      const auto end = lower.row.begin() + lower.start[column + 1];
      values[at] = inverse[std::lower_bound(begin, end, std::max(a, b)) - lower.row.begin()];
    }
  }
  return values;
}

}  // namespace fastlogit
