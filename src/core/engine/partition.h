// How the rows are cut: into strips, of which each is summed by one thread, and strips into blocks,
// which fit into the cache. The cuts depend on the sizes of the problem only, never on the number
// of threads, and the strips' sums are added in order: any number of threads gives the same bits.
//
// Of a sample, too: it is the first block of every `thinning` ones, spread evenly over all rows.
#pragma once

#include <algorithm>

#include "../types.h"

namespace fastlogit {

class Partition {
 public:
  // Strips enough to keep many threads busy, but no more than can be afforded for their moments to
  // stay small beside the rows.
  // set: of each row, numbers that never fall, or null: no cut parts rows of the same one.
  Partition(
      Index rows, Index affordable, Index block, Index thinning = 1, const int* set = nullptr);

  Index strips() const { return strips_; }

  Rows strip(Index i) const { return {boundary(i), boundary(i + 1)}; }

  template <typename Visit>
  void for_each_block(Rows strip, const Visit& visit) const {
    for (Index begin = strip.begin; begin < strip.end; begin += period_) {
      const Rows block{cut(begin), cut(std::min(begin + block_, strip.end))};
      if (block.size() > 0) visit(block);
    }
  }

 private:
  static constexpr Index kMostStrips = 64;

  static Index number_of_strips(Index rows, Index affordable, Index block);

  // Where the set that is there ends.
  Index cut(Index row) const {
    if (!set_ || row == 0) return row;
    return std::upper_bound(set_ + row, set_ + rows_, set_[row - 1]) - set_;
  }

  // Strips begin at whole blocks.
  Index boundary(Index i) const;

  Index rows_;
  Index block_;
  Index period_;
  Index strips_;
  const int* set_;
};

}  // namespace fastlogit
