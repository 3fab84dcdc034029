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
  Partition(Index rows, Index affordable, Index block, Index thinning = 1);

  Index strips() const { return strips_; }

  Rows strip(Index i) const { return {boundary(i), boundary(i + 1)}; }

  template <typename Visit>
  void for_each_block(Rows strip, const Visit& visit) const {
    for (Index begin = strip.begin; begin < strip.end; begin += period_) {
      visit(Rows{begin, std::min(begin + block_, strip.end)});
    }
  }

 private:
  static constexpr Index kMostStrips = 64;

  static Index number_of_strips(Index rows, Index affordable, Index block);

  // Strips begin at whole blocks.
  Index boundary(Index i) const;

  Index rows_;
  Index block_;
  Index period_;
  Index strips_;
};

}  // namespace fastlogit
