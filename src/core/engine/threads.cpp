#include "threads.h"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace fastlogit {

namespace {

// Asked once: the answer comes from a file, which takes as long as a small fit.
int cores() {
  static const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return cores;
}

// One parallel loop: what its workers share.
class TaskQueue {
 public:
  TaskQueue(Index tasks, const Task& run, const Heartbeat& heartbeat)
      : tasks_(tasks), run_(run), heartbeat_(heartbeat) {}

  // On a thread of its own.
  void work(int worker) {
    Index task;
    while (next(task)) attempt([&] { run_(task, worker); });
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      ++finished_;
    }
    done_.notify_one();
  }

  // On the calling thread, which is worker 0.
  void work_and_watch() {
    Index task;
    while (next(task)) {
      attempt([&] { run_(task, 0); });
      beat();
    }
  }

  // Until `workers` have finished: a long last task does not hold up the heartbeat.
  void wait_for(int workers) {
    constexpr auto kBeat = std::chrono::milliseconds(20);
    std::unique_lock<std::mutex> lock(mutex_);
    while (!done_.wait_for(lock, kBeat, [&] { return finished_ == workers; })) {
      lock.unlock();
      beat();
      lock.lock();
    }
  }

  // After all have finished: true when every task has run.
  bool outcome() const {
    if (error_) std::rethrow_exception(error_);
    return !interrupted_;
  }

 private:
  bool next(Index& task) {
    if (stop_.load(std::memory_order_relaxed)) return false;
    task = next_.fetch_add(1, std::memory_order_relaxed);
    return task < tasks_;
  }

  void beat() {
    if (!heartbeat_ || stop_.load(std::memory_order_relaxed)) return;
    attempt([&] { interrupted_ = heartbeat_(); });
    if (interrupted_) stop_.store(true, std::memory_order_relaxed);
  }

  // An exception must not leave a thread; the first one is kept for the caller.
  template <typename Action>
  void attempt(const Action& action) {
    try {
      action();
    } catch (...) {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!error_) error_ = std::current_exception();
      stop_.store(true, std::memory_order_relaxed);
    }
  }

  const Index tasks_;
  const Task& run_;
  const Heartbeat& heartbeat_;
  std::atomic<Index> next_{0};
  std::atomic<bool> stop_{false};
  bool interrupted_ = false;  // the calling thread's only
  std::mutex mutex_;
  std::condition_variable done_;
  int finished_ = 0;
  std::exception_ptr error_;
};

// Without other threads there is nothing to lock.
bool run_here(Index tasks, const Task& run, const Heartbeat& heartbeat) {
  for (Index task = 0; task < tasks; ++task) {
    run(task, 0);
    if (heartbeat && heartbeat()) return false;
  }
  return true;
}

}  // namespace

int default_threads() {
  int threads = cores();
  if (const char* const limit = std::getenv("OMP_THREAD_LIMIT")) {
    const long most = std::strtol(limit, nullptr, 10);
    if (most >= 1 && most < threads) threads = static_cast<int>(most);
  }
  if (const char* const check = std::getenv("_R_CHECK_LIMIT_CORES_")) {
    std::string value(check);
    for (char& c : value) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (!value.empty() && value != "false") threads = std::min(threads, 2);
  }
  return threads;
}

bool parallel_for(Index tasks, int threads, const Task& run, const Heartbeat& heartbeat) {
  const int helpers = static_cast<int>(std::min<Index>(threads, tasks)) - 1;
  if (helpers <= 0) return run_here(tasks, run, heartbeat);
  TaskQueue queue(tasks, run, heartbeat);
  std::vector<std::thread> workers;
  workers.reserve(helpers);
  for (int worker = 1; worker <= helpers; ++worker) {
    try {
      workers.emplace_back([&queue, worker] { queue.work(worker); });
    } catch (const std::exception&) {
      break;  // no more threads to be had: the ones there are do the work
    }
  }
  queue.work_and_watch();
  queue.wait_for(static_cast<int>(workers.size()));
  for (std::thread& worker : workers) worker.join();
  return queue.outcome();
}

void run_parallel(Index tasks, int threads, const Work& work, const Heartbeat& heartbeat) {
  const Task task = [&](Index number, int) { work(number); };
  if (!parallel_for(tasks, threads, task, heartbeat)) throw Interrupted();
}

void run_side_by_side(Index tasks, int threads, const LongTask& run, const Heartbeat& heartbeat) {
  std::atomic<bool> stop{false};
  const Heartbeat ask = [&] {
    if (heartbeat()) stop = true;
    return stop.load();
  };
  const Heartbeat listen = [&] { return stop.load(); };
  const Task task = [&](Index number, int worker) { run(number, worker == 0 ? ask : listen); };
  if (!parallel_for(tasks, threads, task, ask) || stop) throw Interrupted();
}

}  // namespace fastlogit
