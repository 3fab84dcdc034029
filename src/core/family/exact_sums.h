// The exact distribution of the sums over the cases of matched sets (Mehta & Patel 1995; Hirji,
// Mehta & Patel 1987): given the numbers of cases, in how many ways each value of a sufficient
// statistic comes about while the others have the values that were observed. Sets are multiplied
// one after another, and what can no longer end at those values is left out.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "../types.h"

namespace fastlogit {

// Whole numbers for each column; the last one is that of the statistic.
using WholeNumbers = std::vector<std::int64_t>;

struct SumRow {
  WholeNumbers x;
  double log_weight;  // exp(offset) is the row's weight
};

struct SumSet {
  std::vector<SumRow> rows;
  Index cases;
};

struct ExactDistribution {
  std::map<std::int64_t, double> log_ways;  // by value; empty where that took too much work
  double work = 0.0;                        // additions, as many as have been made
};

class ExactSums {
 public:
  // observed: the sums of all columns over all cases. most: of work.
  ExactSums(std::vector<SumSet> sets, WholeNumbers observed, double most)
      : sets_(std::move(sets)), observed_(std::move(observed)), most_(most) {}

  // ask: whether to stop, after each set.
  template <typename Ask>
  ExactDistribution find(const Ask& ask) {
    ExactDistribution found;
    Sums all;
    all[WholeNumbers(observed_.size(), 0)] = 0.0;
    bound_what_is_left();
    for (std::size_t s = 0; s < sets_.size(); ++s) {
      all = product(all, sums_of(sets_[s]), s);
      found.work = work_;
      if (work_ > most_ || ask()) return found;
    }
    for (const auto& sum : all) found.log_ways[sum.first.back()] = sum.second;
    return found;
  }

 private:
  struct Hash {
    std::size_t operator()(const WholeNumbers& key) const {
      std::uint64_t hash = 0x9e3779b97f4a7c15u;
      for (const std::int64_t value : key) {
        hash ^= static_cast<std::uint64_t>(value) + (hash << 6) + (hash >> 2);
        hash *= 0xff51afd7ed558ccdu;
        hash ^= hash >> 32;
      }
      return static_cast<std::size_t>(hash);
    }
  };
  using Sums = std::unordered_map<WholeNumbers, double, Hash>;  // logs of the ways to each

  static double log_of_sum(double a, double b) {
    return std::max(a, b) + std::log1p(std::exp(-std::abs(a - b)));
  }

  void add(Sums& sums, WholeNumbers key, double log_ways) {
    ++work_;
    const auto put = sums.emplace(std::move(key), log_ways);
    if (!put.second) put.first->second = log_of_sum(put.first->second, log_ways);
  }

  static WholeNumbers plus(WholeNumbers a, const WholeNumbers& b) {
    for (std::size_t k = 0; k < a.size(); ++k) a[k] += b[k];
    return a;
  }

  // Of all ways to choose the cases of a set.
  Sums sums_of(const SumSet& set) {
    std::vector<Sums> by_cases(set.cases + 1);
    by_cases[0][WholeNumbers(observed_.size(), 0)] = 0.0;
    const Index rows = static_cast<Index>(set.rows.size());
    for (Index m = 0; m < rows && work_ <= most_; ++m) {
      const Index least = std::max<Index>(1, set.cases - (rows - 1 - m));
      for (Index k = std::min(m + 1, set.cases); k >= least; --k) {
        for (const auto& sum : by_cases[k - 1]) {
          add(by_cases[k], plus(sum.first, set.rows[m].x), sum.second + set.rows[m].log_weight);
          if (work_ > most_) return {};
        }
      }
    }
    return std::move(by_cases[set.cases]);
  }

  Sums product(const Sums& before, const Sums& of_set, std::size_t s) {
    Sums all;
    for (const auto& a : before) {
      for (const auto& b : of_set) {
        WholeNumbers key = plus(a.first, b.first);
        if (can_end(key, s)) add(all, std::move(key), a.second + b.second);
        if (work_ > most_) return {};
      }
    }
    return all;
  }

  // Can the sets after s bring all columns but the last to what was observed?
  bool can_end(const WholeNumbers& key, std::size_t s) const {
    for (std::size_t k = 0; k + 1 < key.size(); ++k) {
      const std::int64_t left = observed_[k] - key[k];
      if (left < least_[s][k] || left > most_left_[s][k]) return false;
    }
    return true;
  }

  void bound_what_is_left() {
    const std::size_t columns = observed_.size();
    least_.assign(sets_.size(), WholeNumbers(columns, 0));
    most_left_ = least_;
    for (std::size_t s = sets_.size() - 1; s > 0; --s) {
      for (std::size_t k = 0; k < columns; ++k) {
        WholeNumbers values;
        for (const SumRow& row : sets_[s].rows) values.push_back(row.x[k]);
        std::sort(values.begin(), values.end());
        least_[s - 1][k] = least_[s][k];
        most_left_[s - 1][k] = most_left_[s][k];
        for (Index i = 0; i < sets_[s].cases; ++i) {
          least_[s - 1][k] += values[i];
          most_left_[s - 1][k] += values[values.size() - 1 - i];
        }
      }
    }
  }

  std::vector<SumSet> sets_;
  WholeNumbers observed_;
  double most_;
  double work_ = 0.0;
  std::vector<WholeNumbers> least_, most_left_;  // of the sets after each
};

}  // namespace fastlogit
