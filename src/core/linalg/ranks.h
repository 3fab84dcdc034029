// Whole numbers for values: equal values have equal numbers, in the order of the values. What rows
// that belong together are grouped by.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "../types.h"

namespace fastlogit {

// Of each value its number, from 0, and how many numbers there are.
struct Ranks {
  std::vector<int> of;
  int count = 0;
};

// Keys in the order of the values.
inline std::uint64_t key_of(int value) {
  return static_cast<std::uint32_t>(value) ^ std::uint32_t{0x80000000};
}

inline std::uint64_t key_of(double value) {
  if (value == 0.0) value = 0.0;  // the negative one, too
  if (value != value) return ~std::uint64_t{0};
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  const std::uint64_t sign = std::uint64_t{1} << 63;
  return bits & sign ? ~bits : bits | sign;
}

namespace detail {

// Of sorted keys, by their places in what they are sorted of.
template <typename At, typename Key>
Ranks ranks_of_sorted(Index n, const At& at, const Key& key) {
  Ranks ranks;
  ranks.of.resize(n);
  for (Index k = 0; k < n; ++k) {
    if (k == 0 || key(k) != key(k - 1)) ++ranks.count;
    ranks.of[at(k)] = ranks.count - 1;
  }
  return ranks;
}

// By counting which keys there are, of `span` from the first.
template <typename Key>
Ranks ranks_by_counting(Index n, const Key& key, std::uint64_t first, std::uint64_t span) {
  std::vector<int> number(span + 1, 0);
  for (Index i = 0; i < n; ++i) number[key(i) - first] = 1;
  Ranks ranks;
  for (int& there : number) {
    const int seen = there;
    there = ranks.count;
    ranks.count += seen;
  }
  ranks.of.resize(n);
  for (Index i = 0; i < n; ++i) ranks.of[i] = number[key(i) - first];
  return ranks;
}

// Digit by digit, the last one first; digits that all keys share take no time.
template <typename Key>
Ranks ranks_by_sorting(Index n, const Key& key) {
  constexpr int kBits = 11;
  using Entry = std::pair<std::uint64_t, int>;
  std::vector<Entry> entries(n), other(n);
  std::uint64_t differ = 0;
  for (Index i = 0; i < n; ++i) {
    entries[i] = {key(i), static_cast<int>(i)};
    differ |= entries[i].first ^ entries[0].first;
  }
  for (int shift = 0; shift < 64; shift += kBits) {
    const std::uint64_t mask = ((std::uint64_t{1} << kBits) - 1) << shift;
    if (!(differ & mask)) continue;
    std::array<Index, (1 << kBits)> place{};
    for (const Entry& entry : entries) ++place[(entry.first & mask) >> shift];
    Index begin = 0;
    for (Index& at : place) begin += std::exchange(at, begin);
    for (const Entry& entry : entries) other[place[(entry.first & mask) >> shift]++] = entry;
    entries.swap(other);
  }
  return ranks_of_sorted(
      n, [&](Index k) { return entries[k].second; }, [&](Index k) { return entries[k].first; });
}

}  // namespace detail

// key(i): of value i, see key_of().
template <typename Key>
Ranks ranks_by(Index n, const Key& key) {
  if (n == 0) return {};
  std::uint64_t least = key(0), most = least, before = least;
  bool sorted = true;
  for (Index i = 1; i < n; ++i) {
    const std::uint64_t here = key(i);
    sorted = sorted && before <= here;
    least = std::min(least, here);
    most = std::max(most, here);
    before = here;
  }
  if (sorted)
    return detail::ranks_of_sorted(
        n, [](Index k) { return k; }, key);
  const std::uint64_t span = most - least;
  if (span / 8 <= static_cast<std::uint64_t>(n)) {
    return detail::ranks_by_counting(n, key, least, span);
  }
  return detail::ranks_by_sorting(n, key);
}

// Of pairs of values, the first ones foremost.
inline Ranks ranks_of_pairs(const Ranks& first, const Ranks& second) {
  return ranks_by(static_cast<Index>(first.of.size()), [&](Index i) {
    return static_cast<std::uint64_t>(first.of[i]) * static_cast<std::uint64_t>(second.count) +
           static_cast<std::uint64_t>(second.of[i]);
  });
}

}  // namespace fastlogit
