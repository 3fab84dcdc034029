#include "sparse.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "../linalg/quadratic_form.h"
#include "../linalg/sparse_cholesky.h"

namespace fastlogit {

SparseDesign::SparseDesign(const CompressedColumns& x,
                           Index rows,
                           const Vector& scale,
                           bool with_pattern)
    : cols_(scale.size()), start_(rows + 1, 0) {
  const Index entries = x.start[cols_];
  column_.resize(entries);
  value_.resize(entries);
  for (Index at = 0; at < entries; ++at) ++start_[x.row[at] + 1];
  for (Index i = 0; i < rows; ++i) start_[i + 1] += start_[i];
  std::vector<Index> next(start_.begin(), start_.end() - 1);
  for (Index j = 0; j < cols_; ++j) {
    for (Index at = x.start[j]; at < x.start[j + 1]; ++at) {
      const Index to = next[x.row[at]]++;
      column_[to] = static_cast<int>(j);
      value_[to] = x.value[at] * scale[j];
    }
  }
  if (!with_pattern) return;
  find_pattern(x);
  constexpr double kCopies = 64.0;  // of which each is to have a part of the rows' numbers
  constexpr Index kWide = 512;      // smaller sums stay in the cache
  whole_ = !pattern_ && cols_ >= kWide &&
           static_cast<double>(entries) < kCopies * static_cast<double>(cols_) * cols_;
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
  constexpr Index kBands = 24;  // each a few times in the cache, and of about the same size
  const double size = static_cast<double>(cols_);
  const auto boundary = [&](Index band) {
    const double share = static_cast<double>(band) / kBands;
    return band == kBands ? cols_ : static_cast<Index>(size * (1.0 - std::sqrt(1.0 - share)));
  };
  Matrix information(cols_, cols_);
  parallel(kBands,
           [&](Index band) { add_band(weight, boundary(band), boundary(band + 1), information); });
  constexpr Index kTile = 64;
  parallel((cols_ + kTile - 1) / kTile, [&](Index tile) {
    const Index first = tile * kTile;
    const Index width = std::min(kTile, cols_ - first);
    for (Index i = 0; i < first; i += kTile) {
      information.block(i, first, kTile, width) =
          information.block(first, i, width, kTile).transpose();
    }
    auto diagonal = information.block(first, first, width, width);
    diagonal.triangularView<Eigen::StrictlyUpper>() = diagonal.transpose();
  });
  return information;
}

void SparseDesign::add_band(const ConstVectorRef& weight,
                            Index first,
                            Index last,
                            Matrix& information) const {
  for (Index j = first; j < last; ++j) information.col(j).tail(cols_ - j).setZero();
  const int* const column = column_.data();
  for (Index i = 0; i < rows(); ++i) {
    const double w = weight[i];
    const Index end = start_[i + 1];
    Index a = start_[i];
    while (a < end && column[a] < first) ++a;
    for (; a < end && column[a] < last; ++a) {
      const double wx = w * value_[a];
      double* const sums = information.col(column[a]).data();
      for (Index b = a; b < end; ++b) sums[column[b]] += wx * value_[b];
    }
  }
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
  const double product = kReads * static_cast<double>(value_.size()) + kWeight * rows();
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
  return static_cast<Index>(value_.size());
}

Index SparseDesign::block_rows() const {
  return 1024;
}

bool SparseDesign::has_dense_rows() const {
  return are_affordable(rows(), cols_);
}

void SparseDesign::find_pattern(const CompressedColumns& x) {
  const double most = most_worth_pattern(cols_);
  SparsePattern pattern;
  pattern.start.push_back(0);
  std::vector<int> seen(cols_, -1);
  for (int j = 0; j < cols_; ++j) {
    const size_t first = pattern.row.size();
    pattern.row.push_back(j);
    seen[j] = j;
    for (Index at = x.start[j]; at < x.start[j + 1]; ++at) {
      const Index i = x.row[at];
      for (Index b = start_[i + 1] - 1; b >= start_[i] && column_[b] > j; --b) {
        if (seen[column_[b]] == j) continue;
        seen[column_[b]] = j;
        pattern.row.push_back(column_[b]);
      }
    }
    if (static_cast<double>(pattern.row.size()) > most) return;
    std::sort(pattern.row.begin() + first, pattern.row.end());
    pattern.start.push_back(static_cast<Index>(pattern.row.size()));
  }
  const auto analysis = std::make_shared<const SparseAnalysis>(pattern);
  if (static_cast<double>(analysis->entries()) > most) return;
  pattern.analysis = analysis;
  pattern_ = std::make_shared<const SparsePattern>(std::move(pattern));
}

}  // namespace fastlogit
