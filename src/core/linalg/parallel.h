// How independent pieces of work are run: linear algebra does not know threads, its caller does.
#pragma once

#include <functional>

#include "../types.h"

namespace fastlogit {

using Work = std::function<void(Index task)>;

// Runs the tasks 0, ..., tasks - 1, each once, in any order, and returns when all have ended.
using Parallel = std::function<void(Index tasks, const Work& run)>;

inline void in_sequence(Index tasks, const Work& run) {
  for (Index task = 0; task < tasks; ++task) run(task);
}

}  // namespace fastlogit
