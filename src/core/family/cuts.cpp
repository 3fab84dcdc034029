#include "cuts.h"

#include <algorithm>
#include <utility>

#include "../linalg/sparse_cholesky.h"

namespace fastlogit {

namespace {

// Below so many coefficients of cuts the dense kernels are as quick.
constexpr Index kManyCuts = 64;

}  // namespace

Cuts::Cuts(Index count, Index columns, Index intercept, std::vector<Index> varying, bool around)
    : count_(count),
      columns_(columns),
      intercept_(intercept),
      varying_(std::move(varying)),
      around_(around) {
  for (Index j = 0; j < columns; ++j) {
    const bool varies = std::find(varying_.begin(), varying_.end(), j) != varying_.end();
    if (j != intercept && !varies) shared_.push_back(j);
  }
  if (around_ && own() >= kManyCuts) find_pattern();
}

Vector Cuts::scale(const Vector& of_columns) const {
  Vector scale = Vector::Ones(size());
  Index at = count_;
  for (const Index column : varying_) {
    scale.segment(at, count_).setConstant(of_columns[column]);
    at += count_;
  }
  for (const Index column : shared_) scale[at++] = of_columns[column];
  return scale;
}

Vector Cuts::slopes(const ConstVectorRef& beta) const {
  Vector by_column = Vector::Zero(columns_);
  Index at = own();
  for (const Index column : shared_) by_column[column] = beta[at++];
  return by_column;
}

Vector Cuts::slopes_of(const ConstVectorRef& by_column) const {
  Vector slopes(static_cast<Index>(shared_.size()));
  Index at = 0;
  for (const Index column : shared_) slopes[at++] = by_column[column];
  return slopes;
}

std::shared_ptr<const Cuts> Cuts::with_all_predictors() const {
  return std::make_shared<const Cuts>(count_, columns_, intercept_, varying_, false);
}

void Cuts::find_pattern() {
  SparsePattern pattern;
  pattern.start.push_back(0);
  const auto close_column = [&] {
    pattern.start.push_back(static_cast<Index>(pattern.row.size()));
  };
  const Index columns = own() / count_;
  for (Index c = 0; c < columns; ++c) {
    for (Index j = 0; j < count_; ++j) {
      for (Index d = c; d < columns; ++d) {
        const Index first = d == c ? j : std::max<Index>(0, j - 1);
        for (Index k = first; k <= std::min(j + 1, count_ - 1); ++k) {
          pattern.row.push_back(static_cast<int>(d * count_ + k));
        }
      }
      for (Index i = own(); i < size(); ++i) pattern.row.push_back(static_cast<int>(i));
      close_column();
    }
  }
  for (Index j = own(); j < size(); ++j) {
    for (Index i = j; i < size(); ++i) pattern.row.push_back(static_cast<int>(i));
    close_column();
  }
  pattern.analysis = std::make_shared<const SparseAnalysis>(pattern);
  pattern_ = std::make_shared<const SparsePattern>(std::move(pattern));
}

}  // namespace fastlogit
