#include "additions.h"

#include <map>
#include <memory>

namespace fastlogit {

namespace {

using MissingRows = std::vector<Index>;

// For each column the number of its set of missing rows, and the sets.
std::pair<std::vector<Index>, std::vector<MissingRows>> sets_of(
    const std::vector<MissingRows>& missing) {
  std::map<MissingRows, Index> known;
  std::vector<Index> number;
  for (const MissingRows& rows : missing) {
    number.push_back(known.emplace(rows, static_cast<Index>(known.size())).first->second);
  }
  std::vector<MissingRows> sets(known.size());
  for (const auto& [rows, set] : known) sets[set] = rows;
  return {number, sets};
}

}  // namespace

void add_each(const SharedRows& shared,
              const Vector& start,
              Index columns,
              const CandidateReader& read,
              const AdditionOptions& options,
              const Execution& all_threads,
              const std::function<void(Index, const AddedColumn&, const Addition&)>& take) {
  const int threads = all_threads.threads;
  const Heartbeat& heartbeat = all_threads.heartbeat;
  std::vector<MissingRows> missing(columns);
  const auto look = [&](Index j) { missing[j] = missing_rows(read, j, shared); };
  run_parallel(columns, threads, look, heartbeat);
  const auto [number, sets] = sets_of(missing);
  std::vector<std::unique_ptr<const NullModel>> nulls(sets.size());
  run_side_by_side(
      static_cast<Index>(sets.size()),
      threads,
      [&, &sets = sets](Index set, const Heartbeat& own) {
        nulls[set] = std::make_unique<NullModel>(
            shared, sets[set], start, options.solver, Execution{1, own});
      },
      heartbeat);
  run_side_by_side(
      columns,
      threads,
      [&, &number = number](Index j, const Heartbeat& own) {
        const AddedColumn column = described_column(read, j, shared);
        take(j, column, add_column(shared, *nulls[number[j]], column, options, {1, own}));
      },
      heartbeat);
}

}  // namespace fastlogit
