// The vectors of numbers and codes that the rows of a design are made of.
#pragma once

#include <cstdint>
#include <cstring>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "../types.h"

namespace fastlogit {

// A vector of numbers in the caller's memory, as doubles or as integers.
struct Numbers {
  const double* doubles = nullptr;
  const int* integers = nullptr;

  const void* address() const { return doubles ? static_cast<const void*>(doubles) : integers; }

  double at(Index i) const { return doubles ? doubles[i] : static_cast<double>(integers[i]); }

  void copy_to(Rows rows, double* out) const;

  void multiply_into(Rows rows, double* out) const;

  // visit(k, bits) for the k-th of some rows: the same bits for equal numbers, -0 and 0 among them.
  template <typename Visit>
  void for_each_bits(Rows rows, const Visit& visit) const {
    for (Index i = rows.begin; i < rows.end; ++i) {
      std::uint64_t bits;
      if (doubles) {
        const double number = doubles[i] + 0.0;
        std::memcpy(&bits, &number, sizeof bits);
      } else {
        bits = static_cast<std::uint32_t>(integers[i]);
      }
      visit(i - rows.begin, bits);
    }
  }

 private:
  template <typename Write>
  void write(Rows rows, const Write& write) const {
    if (doubles) {
      for (Index i = 0; i < rows.size(); ++i) write(i, doubles[rows.begin + i]);
    } else {
      for (Index i = 0; i < rows.size(); ++i) write(i, integers[rows.begin + i]);
    }
  }
};

// Each vector once, however many columns are made of it.
class Sources {
 public:
  void add(const Numbers& numbers);

  const std::vector<Numbers>& all() const { return all_; }

 private:
  std::vector<Numbers> all_;
  std::unordered_set<const void*> known_;
};

// Copies of some rows of the sources.
class Selection {
 public:
  Selection(const Sources& sources, const std::vector<Index>& rows);

  Selection(const Selection&) = delete;
  Selection& operator=(const Selection&) = delete;

  Index rows() const { return rows_; }

  // Where the selected rows of a source are.
  Numbers of(const Numbers& source) const { return copies_.at(source.address()); }

 private:
  template <typename Number>
  static const Number* gather(const Number* from,
                              const std::vector<Index>& rows,
                              std::vector<std::vector<Number>>& copies) {
    std::vector<Number> copy;
    copy.reserve(rows.size());
    for (const Index row : rows) copy.push_back(from[row]);
    copies.push_back(std::move(copy));
    return copies.back().data();
  }

  Index rows_;
  std::unordered_map<const void*, Numbers> copies_;
  std::vector<std::vector<double>> doubles_;
  std::vector<std::vector<int>> integers_;
};

}  // namespace fastlogit
