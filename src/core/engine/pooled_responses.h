// The responses of the rows of each covariate pattern as one.
//
// The log-likelihood of rows with the same linear predictors depends on their sums of w and of w y
// only. Relative to the saturated model of the rows it is that of the sums, less a constant: half
// the deviance within the patterns. Both are sums of one sign, so nothing cancels.
#pragma once

#include <cmath>
#include <vector>

#include "../family/deviance.h"
#include "../family/family.h"
#include "partition.h"
#include "patterns.h"
#include "threads.h"

namespace fastlogit {

// As precise as if it were rounded once (Kahan 1965, in the form of Neumaier 1974): a pattern may
// have all the rows.
class ExactSum {
 public:
  void add(double x) {
    const double sum = sum_ + x;
    rest_ += std::fabs(sum_) >= std::fabs(x) ? (sum_ - sum) + x : (x - sum) + sum_;
    sum_ = sum;
  }

  double value() const { return sum_ + rest_; }

 private:
  double sum_ = 0.0;
  double rest_ = 0.0;
};

// The responses class by class: of two classes, failure is 0 and success is 1.
class Outcomes {
 public:
  Outcomes(const Response& response, Index predictors);

  Index classes() const { return classes_; }

  // One column of proportions, of successes?
  bool binary() const { return !response_.category && response_.stride == 0; }

  // Zeros and ones, each of weight one.
  bool single_trials() const { return response_.single && !response_.weight; }

  double weight(Index row) const { return response_.weight ? response_.weight[row] : 1.0; }

  double proportion(Index row, Index j) const {
    if (!binary()) return response_.y[j * response_.stride + row];
    if (j == 1) return response_.y[row];
    return response_.complement ? response_.complement[row] : 1.0 - response_.y[row];
  }

  // The class of all the trials of a row; kMixed when there is none.
  int class_of(Index row) const {
    if (response_.category) return response_.category[row];
    if (binary()) return response_.y[row] == 0.0 ? 0 : proportion(row, 0) == 0.0 ? 1 : kMixed;
    for (Index j = 0; j < classes_; ++j) {
      if (proportion(row, j) == 1.0) return static_cast<int>(j);
    }
    return kMixed;
  }

  static constexpr int kMixed = -1;

 private:
  Response response_;
  Index classes_;
};

class PooledResponses {
 public:
  // classes: of the patterns, where all rows of each are of one, and have to outlive this; or null.
  PooledResponses(const Response& rows,
                  Index predictors,
                  const Patterns& patterns,
                  const int* classes,
                  int threads);

  Response view() const;

  // Of the rows of each pattern.
  const Vector& weight() const { return weight_; }
  const int* classes() const { return classes_; }

  double weight_of_row(Index row) const { return outcomes_.weight(row); }

  // The weighted means of n numbers in the patterns; 0 where there is no weight.
  Vector means(const double* values) const;

 private:
  void add_weights(Index size);

  // Of single trials: whole numbers, whose sums are exact.
  void count(Index size, int threads);

  // True when no row is of several classes.
  bool add_up(Index size);

  // Of a proportion close to 1 by way of what the others leave of it.
  void set_logs();

  double constant_of_patterns() const;

  double constant_of_rows(int threads) const;

  // Of one trial of a row, at the proportions of its pattern; the terms m - x over the classes
  // cancel.
  double log_likelihood_of_means(Index row) const;

  // Between the row's proportion and the pattern's, from the side where they are small.
  double difference(Index row, Index g, Index j) const;

  Outcomes outcomes_;
  const std::vector<int>& patterns_;  // of the rows
  const int* classes_;
  bool binary_;
  Vector weight_;          // of each pattern
  Matrix proportion_;      // patterns x classes
  Matrix log_proportion_;  // their logarithms
  double constant_ = 0.0;
};

}  // namespace fastlogit
