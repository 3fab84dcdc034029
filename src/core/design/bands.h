// Where the products of sparse rows are added up: in parts of a matrix that stay in the cache.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "../linalg/parallel.h"

namespace fastlogit {

// The columns of the information in bands, each a few times in the cache, and of about the same
// size; and the entries of some rows by the bands that they are in, so that whoever adds up a band
// reads no others.
class Bands {
 public:
  explicit Bands(Index cols) : of_column_(cols) {
    const double size = static_cast<double>(cols);
    for (Index band = 0; band <= kBands; ++band) {
      const double share = static_cast<double>(band) / kBands;
      begin_[band] =
          band == kBands ? cols : static_cast<Index>(size * (1.0 - std::sqrt(1.0 - share)));
      if (band == 0) continue;
      for (Index j = begin_[band - 1]; j < begin_[band]; ++j) of_column_[j] = band - 1;
    }
  }

  static constexpr Index kBands = 24;

  Index begin(Index band) const { return begin_[band]; }

  // The entries of the rows, but for those without a weight. Those of row i are number start[i],
  // ..., start[i + 1] - 1.
  void sort(const std::vector<Index>& start,
            const int* column,
            const ConstVectorRef& weight,
            Rows rows,
            const Parallel& parallel) {
    parallel(kParts, [&](Index part) {
      for (std::vector<Entry>& entries : parts_[part]) entries.clear();
      const Index end = rows.begin + rows.size() * (part + 1) / kParts;
      for (Index i = rows.begin + rows.size() * part / kParts; i < end; ++i) {
        if (weight[i] == 0.0) continue;
        for (Index at = start[i]; at < start[i + 1]; ++at) {
          parts_[part][of_column_[column[at]]].push_back(
              {static_cast<int>(i), static_cast<int>(at)});
        }
      }
    });
  }

  // visit(row, place), row by row.
  template <typename Visit>
  void for_each(Index band, const Visit& visit) const {
    for (const auto& part : parts_) {
      for (const Entry& entry : part[band]) visit(entry.row, entry.at);
    }
  }

 private:
  static constexpr Index kParts = 8;

  // There are no more than a dgCMatrix has.
  struct Entry {
    int row;
    int at;
  };

  std::array<Index, kBands + 1> begin_;
  std::vector<Index> of_column_;
  std::array<std::array<std::vector<Entry>, kBands>, kParts> parts_;
};

}  // namespace fastlogit
