#include "partition.h"

namespace fastlogit {

Partition::Partition(Index rows, Index affordable, Index block, Index thinning, const int* set)
    : rows_(rows),
      block_(block),
      period_(block * thinning),
      strips_(number_of_strips(rows / thinning, affordable, block)),
      set_(set) {}

Index Partition::number_of_strips(Index rows, Index affordable, Index block) {
  const Index blocks = (rows + block - 1) / block;
  return std::max<Index>(1, std::min({kMostStrips, blocks, std::max<Index>(2, affordable)}));
}

Index Partition::boundary(Index i) const {
  const Index periods = (rows_ + period_ - 1) / period_;
  return std::min(rows_, periods * i / strips_ * period_);
}

}  // namespace fastlogit
