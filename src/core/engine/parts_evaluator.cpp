#include "parts_evaluator.h"

#include <algorithm>
#include <atomic>
#include <utility>

namespace fastlogit {

PartsEvaluator::PartsEvaluator(const Pieces& pieces,
                               std::shared_ptr<const Family> family,
                               int threads,
                               Heartbeat heartbeat,
                               Index thinning)
    : pieces_(pieces),
      family_(std::move(family)),
      threads_(threads),
      heartbeat_(std::move(heartbeat)),
      readers_(threads),
      partition_(pieces.count(), affordable_strips(), 1, thinning) {}

// Strips in parallel, the pieces of a strip in order; the first strip is summed in place.
void PartsEvaluator::reduce(Sum& sum) {
  sum.zero();
  std::vector<std::unique_ptr<Sum>> others;
  for (Index strip = 1; strip < partition_.strips(); ++strip) others.push_back(sum.clone());
  const std::unique_ptr<Sum> question = sum.clone();
  std::atomic<bool> stop{false};
  const Heartbeat ask = [&] {
    if (!stop && heartbeat_ && heartbeat_()) stop = true;
    return stop.load();
  };
  const Heartbeat listen = [&] { return stop.load(); };
  const auto sum_strip = [&](Index strip, int worker) {
    if (!readers_[worker]) readers_[worker] = pieces_.reader();
    partition_.for_each_block(partition_.strip(strip), [&](Rows one) {
      if (stop) return;
      const Piece piece = readers_[worker]->read(one.begin);
      MemoryEvaluator rows(
          piece.design, family_, piece.response, piece.offset, 1, worker == 0 ? ask : listen);
      rows.set_basis(basis_);
      const std::unique_ptr<Sum> here = question->clone();
      rows.reduce(*here);
      (strip == 0 ? sum : *others[strip - 1]).merge(*here);
    });
  };
  const bool finished = parallel_for(partition_.strips(), threads_, sum_strip, ask);
  if (!finished || stop) throw Interrupted();
  for (const std::unique_ptr<Sum>& other : others) sum.merge(*other);
}

double PartsEvaluator::gradient_cost() const {
  return gradient_share(pieces_.columns(), family_->cuts() ? 1 : family_->predictors());
}

void PartsEvaluator::run(Index tasks, const Work& work) {
  run_parallel(tasks, threads_, work, heartbeat_);
}

int PartsEvaluator::threads() const {
  return static_cast<int>(std::min<Index>(threads_, partition_.strips()));
}

Index PartsEvaluator::affordable_strips() const {
  constexpr Index kNumbers = Index{1} << 22;
  return kNumbers / std::max<Index>(1, size() * size());
}

}  // namespace fastlogit
