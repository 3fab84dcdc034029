// A sparse matrix by columns, read by rows.
#pragma once

#include <algorithm>
#include <atomic>
#include <vector>

#include "../linalg/parallel.h"

namespace fastlogit {

// As matrices often come: the entries of column j are number start[j], ..., start[j + 1] - 1, in
// the order of their rows.
struct CompressedColumns {
  const int* start;
  const int* row;
  const double* value;
};

// The rows in runs so short that what is written of one stays in the cache.
class RowRuns {
 public:
  RowRuns(const CompressedColumns& x, Index rows, Index cols, const Parallel& parallel)
      : x_(x), rows_(rows), cols_(cols) {
    constexpr Index kEntries = 1 << 17;
    count_ = std::max<Index>(1, std::min(rows, x.start[cols] / std::max(kEntries, cols)));
    if (find_places(parallel)) return;
    count_ = 1;  // rows in no order
    find_places(parallel);
  }

  Index count() const { return count_; }
  Index begin(Index run) const { return rows_ * run / count_; }

  // visit(column, place), for the entries of a run, column by column.
  template <typename Visit>
  void for_each(Index run, const Visit& visit) const {
    for (Index j = 0; j < cols_; ++j) {
      const Index end = first_[(run + 1) * cols_ + j];
      for (Index at = first_[run * cols_ + j]; at < end; ++at) visit(j, at);
    }
  }

 private:
  // Where each run begins in each column; false where the rows of a column are in no order.
  bool find_places(const Parallel& parallel) {
    constexpr Index kColumns = 64;
    first_.resize((count_ + 1) * cols_);
    std::atomic<bool> ordered{true};
    parallel((cols_ + kColumns - 1) / kColumns, [&](Index task) {
      const Index last = std::min((task + 1) * kColumns, cols_);
      for (Index j = task * kColumns; j < last; ++j) {
        if (!find_places_in(j)) ordered = false;
      }
    });
    return ordered;
  }

  bool find_places_in(Index j) {
    bool ordered = true;
    int before = 0;
    Index run = 0;
    for (Index at = x_.start[j], next = 0; at < x_.start[j + 1]; ++at) {
      ordered = ordered && x_.row[at] >= before;
      before = x_.row[at];
      for (; run < count_ && before >= next; next = begin(++run)) first_[run * cols_ + j] = at;
    }
    for (; run <= count_; ++run) first_[run * cols_ + j] = x_.start[j + 1];
    return ordered;
  }

  const CompressedColumns& x_;
  Index rows_;
  Index cols_;
  Index count_;
  std::vector<Index> first_;
};

}  // namespace fastlogit
