#include "sparse.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "../linalg/block_products.h"
#include "../linalg/quadratic_form.h"
#include "../linalg/sparse_cholesky.h"
#include "bands.h"

namespace fastlogit {

SparseDesign::SparseDesign(const CompressedColumns& x,
                           Index rows,
                           const Vector& scale,
                           bool with_pattern,
                           const Parallel& parallel)
    : cols_(scale.size()), start_(rows + 1, 0) {
  read_rows(x, scale, parallel);
  if (!with_pattern) return;
  find_pattern(x, parallel);
  constexpr double kCopies = 64.0;  // of which each is to have a part of the rows' numbers
  constexpr Index kWide = 512;      // smaller sums stay in the cache
  whole_ = !pattern_ && cols_ >= kWide &&
           static_cast<double>(numbers()) < kCopies * static_cast<double>(cols_) * cols_;
}

void SparseDesign::read_rows(const CompressedColumns& x,
                             const Vector& scale,
                             const Parallel& parallel) {
  const RowRuns runs(x, rows(), cols_, parallel);
  parallel(runs.count(), [&](Index run) {
    runs.for_each(run, [&](Index, Index at) { ++start_[x.row[at] + 1]; });
  });
  for (Index i = 0; i < rows(); ++i) start_[i + 1] += start_[i];
  column_.resize(start_.back());
  value_.resize(start_.back());
  parallel(runs.count(), [&](Index run) {
    const Index begin = runs.begin(run);
    std::vector<Index> next(start_.begin() + begin, start_.begin() + runs.begin(run + 1));
    runs.for_each(run, [&](Index j, Index at) {
      const Index to = next[x.row[at] - begin]++;
      column_[to] = static_cast<int>(j);
      value_[to] = x.value[at] * scale[j];
    });
  });
}

void SparseDesign::predict(Rows rows, const ConstVectorRef& beta, VectorRef eta) const {
  for (Index i = rows.begin; i < rows.end; ++i) {
    double sum = 0.0;
    for (Index at = start_[i]; at < start_[i + 1]; ++at) sum += value_[at] * beta[column_[at]];
    eta[i - rows.begin] += sum;
  }
}

void SparseDesign::add_score(Rows rows, const ConstVectorRef& residual, VectorRef score) const {
  for (Index i = rows.begin; i < rows.end; ++i) {
    const double r = residual[i - rows.begin];
    for (Index at = start_[i]; at < start_[i + 1]; ++at) score[column_[at]] += value_[at] * r;
  }
}

void SparseDesign::add_scores(Rows rows,
                              const ConstVectorRef& residual,
                              const int* group,
                              MatrixRef sums) const {
  for (Index i = rows.begin; i < rows.end; ++i) {
    const Index at_row = i - rows.begin;
    if (group[at_row] < 0) continue;
    for (Index at = start_[i]; at < start_[i + 1]; ++at) {
      sums(group[at_row], column_[at]) += value_[at] * residual[at_row];
    }
  }
}

void SparseDesign::add_information(Rows rows,
                                   const ConstVectorRef& weight,
                                   MatrixRef information) const {
  for (Index i = rows.begin; i < rows.end; ++i) {
    const double w = weight[i - rows.begin];
    if (w == 0.0) continue;
    for (Index a = start_[i]; a < start_[i + 1]; ++a) {
      const double wx = w * value_[a];
      double* const column = &information(0, column_[a]);
      for (Index b = a; b < start_[i + 1]; ++b) column[column_[b]] += wx * value_[b];
    }
  }
}

Matrix SparseDesign::whole_information(const ConstVectorRef& weight,
                                       const Parallel& parallel) const {
  constexpr Index kEntries = 1 << 22;  // sorted at a time
  Bands bands(cols_);
  Matrix information(cols_, cols_);
  const Index step = std::max<Index>(1, rows() * kEntries / std::max<Index>(1, numbers()));
  Index begin = 0;
  do {
    bands.sort(start_, column_.data(), weight, {begin, std::min(begin + step, rows())}, parallel);
    parallel(Bands::kBands, [&](Index band) {
      for (Index j = bands.begin(band); begin == 0 && j < bands.begin(band + 1); ++j) {
        information.col(j).tail(cols_ - j).setZero();
      }
      bands.for_each(band, [&](Index i, Index a) {
        const double wx = weight[i] * value_[a];
        double* const sums = information.col(column_[a]).data();
        for (Index b = a; b < start_[i + 1]; ++b) sums[column_[b]] += wx * value_[b];
      });
    });
    begin += step;
  } while (begin < rows());
  mirror_lower(information, parallel);
  return information;
}

void SparseDesign::add_squares(Rows rows, const ConstVectorRef& weight, VectorRef sums) const {
  for (Index i = rows.begin; i < rows.end; ++i) {
    const double w = weight[i - rows.begin];
    for (Index at = start_[i]; at < start_[i + 1]; ++at) {
      sums[column_[at]] += w * value_[at] * value_[at];
    }
  }
}

double SparseDesign::pairs() const {
  double sum = 0.0;
  for (Index i = 0; i < rows(); ++i) {
    const double count = static_cast<double>(start_[i + 1] - start_[i]);
    sum += 0.5 * count * (count + 1.0);
  }
  return sum;
}

// As measured, in units of an entry that is read: additions that are scattered over a large matrix
// are dear, those of a factor's tiles are cheap.
double SparseDesign::product_share() const {
  if (!whole_) return 1.0;
  constexpr double kReads = 3.0;
  constexpr double kWeight = 10.0;  // of a row
  constexpr double kScattered = 8.0;
  constexpr double kTiled = 0.01;
  const double p = static_cast<double>(cols_);
  const double product = kReads * static_cast<double>(numbers()) + kWeight * rows();
  return product / (kScattered * pairs() + kTiled * p * p * p);
}

void SparseDesign::quadratic_form(Rows rows, const QuadraticForm& form, VectorRef out) const {
  for (Index i = rows.begin; i < rows.end; ++i) {
    double sum = 0.0;
    for (Index a = start_[i]; a < start_[i + 1]; ++a) {
      const auto column = form.matrix().col(column_[a]);
      double others = 0.0;
      for (Index b = start_[i]; b < a; ++b) others += column[column_[b]] * value_[b];
      sum += value_[a] * (column[column_[a]] * value_[a] + 2.0 * others);
    }
    out[i - rows.begin] = sum;
  }
}

void SparseDesign::copy(Rows rows, MatrixRef block) const {
  block.setZero();
  for (Index i = rows.begin; i < rows.end; ++i) {
    for (Index at = start_[i]; at < start_[i + 1]; ++at) {
      block(i - rows.begin, column_[at]) = value_[at];
    }
  }
}

std::shared_ptr<const SparsePattern> SparseDesign::pattern() const {
  return pattern_;
}

void SparseDesign::add_to_pattern(Rows rows, const ConstVectorRef& weight, VectorRef values) const {
  for (Index i = rows.begin; i < rows.end; ++i) {
    const double w = weight[i - rows.begin];
    if (w == 0.0) continue;
    for_each_pair(
        i, [&](Index a, Index b, Index place) { values[place] += w * value_[a] * value_[b]; });
  }
}

void SparseDesign::form_on_pattern(Rows rows, const ConstVectorRef& values, VectorRef out) const {
  for (Index i = rows.begin; i < rows.end; ++i) {
    double sum = 0.0;
    for_each_pair(i, [&](Index a, Index b, Index place) {
      sum += (a == b ? 1.0 : 2.0) * values[place] * value_[a] * value_[b];
    });
    out[i - rows.begin] = sum;
  }
}

Index SparseDesign::numbers() const {
  return value_.size();
}

Index SparseDesign::block_rows() const {
  return 1024;
}

bool SparseDesign::has_dense_rows() const {
  return are_affordable(rows(), cols_);
}

void SparseDesign::find_pattern(const CompressedColumns& x, const Parallel& parallel) {
  constexpr Index kMostRuns = 32;  // of columns; each has a mark for every column
  constexpr Index kFewest = 64;
  const double most = most_worth_pattern(cols_);
  if (has_more_entries(most)) return;
  const Index runs = std::min(kMostRuns, (cols_ + kFewest - 1) / kFewest);
  std::vector<SparsePattern> parts(runs);
  std::atomic<Index> entries{0};
  parallel(runs, [&](Index run) {
    std::vector<int> seen(cols_, -1);
    for (Index j = cols_ * run / runs; j < cols_ * (run + 1) / runs; ++j) {
      if (static_cast<double>(entries) > most) return;
      entries += add_column_of_pattern(x, static_cast<int>(j), seen, parts[run]);
    }
  });
  if (static_cast<double>(entries) > most) return;
  SparsePattern pattern;
  pattern.start.push_back(0);
  for (const SparsePattern& part : parts) {
    const Index before = pattern.start.back();
    for (const Index start : part.start) pattern.start.push_back(before + start);
    pattern.row.insert(pattern.row.end(), part.row.begin(), part.row.end());
  }
  const auto analysis = std::make_shared<const SparseAnalysis>(pattern);
  if (static_cast<double>(analysis->entries()) > most) return;
  pattern.analysis = analysis;
  pattern_ = std::make_shared<const SparsePattern>(std::move(pattern));
}

bool SparseDesign::has_more_entries(double most) const {
  constexpr double kPairs = 4.0;   // that are looked at, of `most`
  constexpr Index kBits = 8 * 12;  // a number takes 12 bytes
  if (cols_ * cols_ > kBits * numbers()) return false;
  const Index step = std::max<Index>(1, static_cast<Index>(pairs() / std::max(1.0, kPairs * most)));
  std::vector<bool> seen(cols_ * cols_, false);
  double entries = 0.0;
  for (Index i = 0; i < rows() && entries <= most; i += step) {
    for (Index a = start_[i]; a < start_[i + 1]; ++a) {
      for (Index b = a; b < start_[i + 1]; ++b) {
        auto place = seen[cols_ * column_[a] + column_[b]];
        if (!place) entries += 1.0;
        place = true;
      }
    }
  }
  return entries > most;
}

Index SparseDesign::add_column_of_pattern(const CompressedColumns& x,
                                          int j,
                                          std::vector<int>& seen,
                                          SparsePattern& pattern) const {
  const Index first = static_cast<Index>(pattern.row.size());
  pattern.row.push_back(j);
  for (Index at = x.start[j]; at < x.start[j + 1]; ++at) {
    const Index i = x.row[at];
    for (Index b = start_[i + 1] - 1; b >= start_[i] && column_[b] > j; --b) {
      if (seen[column_[b]] == j) continue;
      seen[column_[b]] = j;
      pattern.row.push_back(column_[b]);
    }
  }
  std::sort(pattern.row.begin() + first, pattern.row.end());
  pattern.start.push_back(static_cast<Index>(pattern.row.size()));
  return pattern.start.back() - first;
}

}  // namespace fastlogit
