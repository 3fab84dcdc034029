#include "dependence.h"

#include "../sums/products.h"
#include "tuning.h"

namespace fastlogit {

Dependence::Dependence(Evaluator& rows,
                       const Vector& beta,
                       const Information& information,
                       Cholesky& factor)
    : rows_(rows),
      beta_(beta),
      lengths_(information.diagonal().cwiseMax(0.0).cwiseSqrt()),
      factor_(factor),
      suspicious_(factor.compute_others(information, kSuspicious)) {}

std::vector<bool> Dependence::aliased_columns(double tolerance) {
  std::vector<Index> columns;
  std::vector<bool> aliased(suspicious_.size(), false);
  for (size_t j = 0; j < suspicious_.size(); ++j) {
    // A column of nothing needs no proof.
    aliased[j] = suspicious_[j] && lengths_[j] == 0.0;
    if (suspicious_[j] && !aliased[j]) columns.push_back(j);
  }
  std::vector<Vector> null_vectors;
  for (size_t begin = 0; begin < columns.size(); begin += kProjectedTogether) {
    const size_t end = std::min(begin + kProjectedTogether, columns.size());
    project({columns.begin() + begin, columns.begin() + end}, tolerance, null_vectors);
  }
  mark_last(std::move(null_vectors), aliased);
  return aliased;
}

void Dependence::project(const std::vector<Index>& columns,
                         double tolerance,
                         std::vector<Vector>& found) {
  Matrix directions = Matrix::Zero(beta_.size(), static_cast<Index>(columns.size()));
  for (size_t j = 0; j < columns.size(); ++j) directions(columns[j], j) = 1.0;
  for (int correction = 0; correction < kCorrections; ++correction) {
    Matrix cross = rows_.total(ProductsSum(beta_, directions)).cross;
    for (Index j = 0; j < cross.cols(); ++j) remove_suspicious(cross.col(j));
    for (Index j = 0; j < cross.cols(); ++j) directions.col(j) -= factor_.solve(cross.col(j));
  }
  const RowProducts left = rows_.total(ProductsSum(beta_, directions));
  for (size_t j = 0; j < columns.size(); ++j) {
    Vector direction = directions.col(j);
    const double least = tolerance * lengths_[columns[j]];
    double length = std::sqrt(left.squares[j]);
    if (length >= least && !kept_.empty()) length = orthogonalise(direction);
    if (length < least) {
      found.push_back(std::move(direction));
    } else {
      kept_.push_back(std::move(direction));
    }
  }
}

double Dependence::orthogonalise(Vector& direction) {
  double length = 0.0;
  for (int correction = 0; correction <= kCorrections; ++correction) {
    const RowProducts left = rows_.total(ProductsSum(beta_, direction));
    length = std::sqrt(left.squares[0]);
    if (correction == kCorrections) break;
    for (const Vector& other : kept_) {
      const RowProducts own = rows_.total(ProductsSum(beta_, other));
      direction -= left.cross.col(0).dot(other) / own.squares[0] * other;
    }
  }
  return length;
}

void Dependence::remove_suspicious(Eigen::Ref<Vector> vector) const {
  for (Index j = 0; j < vector.size(); ++j) {
    if (suspicious_[j]) vector[j] = 0.0;
  }
}

void Dependence::mark_last(std::vector<Vector> null_vectors, std::vector<bool>& aliased) const {
  for (Vector& vector : null_vectors) {
    vector = vector.cwiseProduct(lengths_);
    vector /= vector.cwiseAbs().maxCoeff();
  }
  for (Index i = lengths_.size() - 1; i >= 0 && !null_vectors.empty(); --i) {
    const auto largest = std::max_element(
        null_vectors.begin(), null_vectors.end(), [&](const Vector& a, const Vector& b) {
          return std::fabs(a[i]) < std::fabs(b[i]);
        });
    if (!(std::fabs((*largest)[i]) > kNoPart)) continue;
    aliased[i] = true;
    const Vector pivot = std::move(*largest);
    null_vectors.erase(largest);
    for (Vector& vector : null_vectors) {
      vector -= vector[i] / pivot[i] * pivot;
      const double most = i > 0 ? vector.head(i).cwiseAbs().maxCoeff() : 0.0;
      if (most > 0.0) vector /= most;
    }
  }
}

}  // namespace fastlogit
