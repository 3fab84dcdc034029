#include "pooled_responses.h"

namespace fastlogit {

Outcomes::Outcomes(const Response& response, Index predictors)
    : response_(response), classes_(binary() ? 2 : predictors + 1) {}

PooledResponses::PooledResponses(const Response& rows,
                                 Index predictors,
                                 const Patterns& patterns,
                                 const int* classes,
                                 int threads)
    : outcomes_(rows, predictors),
      patterns_(patterns.of_row),
      classes_(classes),
      binary_(outcomes_.binary()) {
  const Index size = static_cast<Index>(patterns.first.size());
  if (classes_) {
    add_weights(size);
    return;
  }
  bool pure = true;
  if (outcomes_.single_trials()) {
    count(size, threads);
  } else {
    pure = add_up(size);
  }
  set_logs();
  constant_ = pure ? constant_of_patterns() : constant_of_rows(threads);
}

Response PooledResponses::view() const {
  Response response;
  if (classes_) {
    response.category = classes_;
    response.weight = weight_.data();
    return response;
  }
  response.y = binary_ ? proportion_.col(1).data() : proportion_.data();
  response.complement = binary_ ? proportion_.data() : nullptr;
  response.weight = weight_.data();
  response.stride = binary_ ? 0 : proportion_.rows();
  response.constant = constant_;
  return response;
}

Vector PooledResponses::means(const double* values) const {
  std::vector<ExactSum> sums(weight_.size());
  for (size_t row = 0; row < patterns_.size(); ++row) {
    const double w = outcomes_.weight(row);
    if (w > 0.0) sums[patterns_[row]].add(w * values[row]);
  }
  return Vector::NullaryExpr(weight_.size(), [&](Index g) {
    return weight_[g] > 0.0 ? sums[g].value() / weight_[g] : 0.0;
  });
}

void PooledResponses::add_weights(Index size) {
  std::vector<ExactSum> sums(size);
  for (size_t row = 0; row < patterns_.size(); ++row) sums[patterns_[row]].add(weight_of_row(row));
  weight_ = Vector::NullaryExpr(size, [&](Index g) { return sums[g].value(); });
}

void PooledResponses::count(Index size, int threads) {
  const Index rows = static_cast<Index>(patterns_.size());
  const Partition partition(rows, rows / (8 * size), 1024);
  std::vector<Eigen::MatrixXi> counts(partition.strips(), Eigen::MatrixXi::Zero(2, size));
  const auto count_strip = [&](Index i, int) {
    const Rows strip = partition.strip(i);
    for (Index row = strip.begin; row < strip.end; ++row) {
      ++counts[i](outcomes_.class_of(row), patterns_[row]);
    }
  };
  parallel_for(partition.strips(), threads, count_strip, nullptr);
  for (Index i = 1; i < partition.strips(); ++i) counts[0] += counts[i];
  weight_ = counts[0].colwise().sum().cast<double>();
  proportion_ = counts[0].transpose().cast<double>().array().colwise() / weight_.array();
}

bool PooledResponses::add_up(Index size) {
  const Index classes = outcomes_.classes();
  std::vector<ExactSum> weights(size);
  std::vector<ExactSum> sums(size * classes);
  bool pure = true;
  for (size_t row = 0; row < patterns_.size(); ++row) {
    const double w = outcomes_.weight(row);
    if (w == 0.0) continue;
    const Index g = patterns_[row];
    weights[g].add(w);
    const int only = outcomes_.class_of(row);
    if (only != Outcomes::kMixed) {
      sums[g * classes + only].add(w);
      continue;
    }
    pure = false;
    for (Index j = 0; j < classes; ++j) {
      sums[g * classes + j].add(w * outcomes_.proportion(row, j));
    }
  }
  weight_ = Vector::NullaryExpr(size, [&](Index g) { return weights[g].value(); });
  proportion_ = Matrix::NullaryExpr(size, classes, [&](Index g, Index j) {
    if (weight_[g] == 0.0) return j == 0 ? 1.0 : 0.0;  // any will do
    return sums[g * classes + j].value() / weight_[g];
  });
  return pure;
}

void PooledResponses::set_logs() {
  log_proportion_.resize(proportion_.rows(), proportion_.cols());
  for (Index g = 0; g < proportion_.rows(); ++g) {
    for (Index j = 0; j < proportion_.cols(); ++j) {
      const double p = proportion_(g, j);
      double others = 0.0;
      for (Index k = 0; k < proportion_.cols(); ++k) others += k == j ? 0.0 : proportion_(g, k);
      log_proportion_(g, j) = p > 0.5 ? std::log1p(-others) : std::log(p);
    }
  }
}

double PooledResponses::constant_of_patterns() const {
  ExactSum sum;
  for (Index g = 0; g < proportion_.rows(); ++g) {
    for (Index j = 0; j < proportion_.cols(); ++j) {
      const double p = proportion_(g, j);
      if (p > 0.0) sum.add(weight_[g] * p * log_proportion_(g, j));
    }
  }
  return sum.value();
}

double PooledResponses::constant_of_rows(int threads) const {
  constexpr Index kBlockRows = 1024;
  const Index rows = static_cast<Index>(patterns_.size());
  const Partition partition(rows, rows, kBlockRows);
  std::vector<ExactSum> sums(partition.strips());
  const auto add_strip = [&](Index i, int) {
    const Rows rows = partition.strip(i);
    for (Index row = rows.begin; row < rows.end; ++row) {
      const double w = outcomes_.weight(row);
      if (w > 0.0) sums[i].add(w * log_likelihood_of_means(row));
    }
  };
  parallel_for(partition.strips(), threads, add_strip, nullptr);
  ExactSum total;
  for (const ExactSum& sum : sums) total.add(sum.value());
  return total.value();
}

double PooledResponses::log_likelihood_of_means(Index row) const {
  const Index g = patterns_[row];
  const int only = outcomes_.class_of(row);
  if (only != Outcomes::kMixed) return log_proportion_(g, only);
  double deviance = 0.0;
  for (Index j = 0; j < outcomes_.classes(); ++j) {
    const double y = outcomes_.proportion(row, j);
    const double p = proportion_(g, j);
    deviance +=
        y == 0.0 ? p : saddle_point_deviance(y, difference(row, g, j), p, log_proportion_(g, j));
  }
  return -deviance;
}

double PooledResponses::difference(Index row, Index g, Index j) const {
  if (proportion_(g, j) <= 0.5) return outcomes_.proportion(row, j) - proportion_(g, j);
  double others = 0.0;
  for (Index k = 0; k < outcomes_.classes(); ++k) {
    if (k != j) others += proportion_(g, k) - outcomes_.proportion(row, k);
  }
  return others;
}

}  // namespace fastlogit
