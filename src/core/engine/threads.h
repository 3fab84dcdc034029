// The only room with threads. They are made for the call and joined before it returns: no pool
// outlives a call, so forking afterwards is safe, and no OpenMP is needed.
#pragma once

#include <functional>

#include "../linalg/parallel.h"
#include "../types.h"

namespace fastlogit {

// A task gets its number and that of its worker, 0 <= worker < threads: scratch memory can be per
// worker.
using Task = std::function<void(Index task, int worker)>;

// Called by the calling thread only; true means stop. May be empty.
using Heartbeat = std::function<bool()>;

// The cores there are, within the user's OMP_THREAD_LIMIT and the two that R CMD check allows.
int default_threads();

// Runs the tasks 0, ..., tasks - 1, each once, in no particular order, on at most `threads`
// threads, of which the calling one is the first. False when the heartbeat asked to stop: tasks
// under way were finished, others never started. The first exception of a task is thrown again
// here, after all threads have ended.
bool parallel_for(Index tasks, int threads, const Task& run, const Heartbeat& heartbeat);

// The same for work that needs no scratch memory; throws when the heartbeat asked to stop.
void run_parallel(Index tasks, int threads, const Work& work, const Heartbeat& heartbeat);

// A task that may take seconds: it gets a heartbeat of its own, to ask from time to time.
using LongTask = std::function<void(Index task, const Heartbeat&)>;

// The same for such tasks. What they sum over rows is summed by one thread each.
void run_side_by_side(Index tasks, int threads, const LongTask& run, const Heartbeat& heartbeat);

}  // namespace fastlogit
