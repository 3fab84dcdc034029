// Covariate patterns: which rows are equal.
//
// Factors and counts make the same row again and again, and equal rows can be summed before the
// iterations instead of in each of them. What that takes has to cost less than it saves: a sample
// decides whether rows are looked at at all.
#pragma once

#include <optional>
#include <vector>

#include "../design/sources.h"
#include "threads.h"

namespace fastlogit {

// Numbered by their first rows: what threads find is the same however they share the rows.
struct Patterns {
  std::vector<int> of_row;
  std::vector<Index> first;  // row of each pattern
};

// None where there are too few rows, or too few equal ones, to make it worth while.
std::optional<Patterns> find_patterns(const Sources& sources,
                                      Index rows,
                                      int threads,
                                      const Heartbeat& heartbeat);

}  // namespace fastlogit
