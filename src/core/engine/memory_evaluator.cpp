#include "memory_evaluator.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

#include "../linalg/sparse_cholesky.h"

namespace fastlogit {

MemoryEvaluator::MemoryEvaluator(const Design& design,
                                 std::shared_ptr<const Family> family,
                                 Response response,
                                 const double* offset,
                                 int threads,
                                 Heartbeat heartbeat,
                                 Index thinning)
    : rows_(design, std::move(family), response, offset),
      design_(design),
      family_(rows_.family()),
      threads_(design.numbers() / thinning * family_.predictors() < kWorthThreads ? 1 : threads),
      heartbeat_(std::move(heartbeat)),
      partition_(design.rows(),
                 affordable_strips() / thinning,
                 family_.by_row() ? std::max<Index>(1, design.rows())
                 : thinning > 1   ? kSampleBlock
                                  : design.block_rows(),
                 thinning,
                 response.set),
      sampled_(thinning > 1) {
  rows_.set_parallel([threads = threads_, heartbeat = heartbeat_](Index tasks, const Work& work) {
    run_parallel(tasks, threads, work, heartbeat);
  });
}

template <typename Visit, typename End>
void MemoryEvaluator::for_each_block(const Visit& visit, const End& end) {
  std::atomic<bool> stop{false};
  const auto sum_strip = [&](Index strip, int worker) {
    partition_.for_each_block(partition_.strip(strip), [&](Rows rows) {
      if (stop) return;
      visit(strip, rows);
      if (worker == 0 && heartbeat_()) stop = true;
    });
    end(strip);
  };
  const bool finished = parallel_for(partition_.strips(), threads_, sum_strip, heartbeat_);
  if (!finished || stop) throw Interrupted();
}

// The first strip is summed in place; the others are merged into it in their order, each as soon as
// those before it have been, so that there are hardly more sums than threads at a time.
void MemoryEvaluator::reduce(Sum& sum) {
  sum.zero(rows_);
  if (partition_.strips() == 1) {
    for_each_block([&](Index, Rows block) { sum.add(rows_, block); }, [](Index) {});
    return sum.finish(rows_);
  }
  const std::unique_ptr<Sum> nothing = sum.clone();
  std::vector<std::unique_ptr<Sum>> others(partition_.strips());
  std::vector<bool> ended(partition_.strips(), false);
  Index merged = 0;
  std::mutex mutex;
  const auto add = [&](Index strip, Rows block) {
    if (strip == 0) return sum.add(rows_, block);
    if (!others[strip]) others[strip] = nothing->clone();
    others[strip]->add(rows_, block);
  };
  for_each_block(add, [&](Index strip) {
    const std::lock_guard<std::mutex> lock(mutex);
    ended[strip] = true;
    for (; merged < partition_.strips() && ended[merged]; ++merged) {
      if (others[merged]) sum.merge(*others[merged]);
      others[merged] = nullptr;
    }
  });
  sum.finish(rows_);
}

double MemoryEvaluator::gradient_cost() const {
  if (design_.rows() * size() < kWorthThreads) return 1.0;
  const auto pattern = family_.cuts() ? nullptr : design_.pattern();
  if (pattern && family_.predictors() == 1) {
    constexpr double kEntry = 8.0;  // of sums, merged and brought to the pattern and to the factor
    const double rows = static_cast<double>(design_.rows());
    const double entries = static_cast<double>(pattern->analysis->entries());
    return sparse_gradient_share(static_cast<double>(design_.numbers()) / rows,
                                 (kEntry * entries + pattern->analysis->work()) / rows);
  }
  return gradient_share(design_.cols(), family_.cuts() ? 1 : family_.predictors());
}

Draft MemoryEvaluator::draft() const {
  const double score = gradient_cost();
  const bool dense = !family_.cuts() && !family_.of_sets() && !design_.pattern();
  if (sampled_ || family_.by_row() || !dense) return {};
  const double products = family_.has_factors() ? 1.0 : design_.draft_cost();
  return cheapest_draft({design_.rows(), design_.block_rows(), size(), score, products});
}

double MemoryEvaluator::product_cost() const {
  return rows_.has_whole_information() && !has_dense_rows() ? design_.product_share() : 1.0;
}

bool MemoryEvaluator::has_dense_rows() const {
  return design_.has_dense_rows() && !(family_.cuts() && family_.cuts()->pattern());
}

void MemoryEvaluator::run(Index tasks, const Work& work) {
  run_parallel(tasks, threads_, work, heartbeat_);
}

int MemoryEvaluator::threads() const {
  return static_cast<int>(std::min<Index>(threads_, partition_.strips()));
}

void MemoryEvaluator::at_rows(const Vector& beta, MatrixRef eta, VectorRef weight) {
  const Vector in_cells = rows_.predictors().to_cells(beta);
  for_each_block([&](Index, Rows rows) {
    auto here = eta.middleRows(rows.begin, rows.size());
    here = rows_.predict(rows, in_cells);
    if (weight.size() == 0) return;
    Matrix residual(rows.size(), 1);
    family_.evaluate(here,
                     rows_.response(rows.begin),
                     Order::information,
                     Curvature::expected,
                     residual,
                     weight.segment(rows.begin, rows.size()));
  });
}

void MemoryEvaluator::predict_by_group(const Matrix& points, const int* group, MatrixRef eta) {
  std::vector<Vector> in_cells;
  for (Index j = 0; j < points.cols(); ++j) {
    in_cells.push_back(rows_.predictors().to_cells(points.col(j)));
  }
  for_each_block([&](Index, Rows block) {
    std::vector<int> here(group + block.begin, group + block.end);
    std::sort(here.begin(), here.end());
    here.erase(std::unique(here.begin(), here.end()), here.end());
    for (const int one : here) {
      const Matrix all = rows_.predict(block, in_cells[one - 1]);
      for (Index i = block.begin; i < block.end; ++i) {
        if (group[i] == one) eta.row(i) = all.row(i - block.begin);
      }
    }
  });
}

Index MemoryEvaluator::affordable_strips() const {
  // Other sums than the information's may be as large as that.
  constexpr Index kStripsOfWhole = 8;
  if (rows_.has_whole_information()) return kStripsOfWhole;
  const Index moments = rows_.predictors().information_numbers();
  return design_.numbers() * family_.predictors() / (4 * std::max<Index>(1, moments));
}

}  // namespace fastlogit
