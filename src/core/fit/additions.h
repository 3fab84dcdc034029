// A model with one more column, for each of many columns, side by side. All begin at the model
// without, of which what they need is formed once for those that lack the same rows.
#pragma once

#include <functional>

#include "addition.h"

namespace fastlogit {

// columns: how many. start: the coefficients without any of them, in the user's units. take: called
// by several threads at a time, for each column once.
void add_each(const SharedRows& shared,
              const Vector& start,
              Index columns,
              const CandidateReader& read,
              const AdditionOptions& options,
              const Execution& all_threads,
              const std::function<void(Index number, const AddedColumn&, const Addition&)>& take);

}  // namespace fastlogit
