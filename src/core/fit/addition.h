// A model with one more column.
//
// Where its rest after projection on the others is clear and the likelihood has one maximum, the
// way there begins at the model without: a column is first made orthogonal to the others by the
// weights of that, which leaves its coefficient as it is. Then its score statistic is a quotient of
// two sums, the step of that length is close to the estimate, and two or three of Newton's steps
// end there. What is not certain on that way (rows that seem separated, likelihoods with several
// maxima, penalties) is a fit as any other.
#pragma once

#include <limits>
#include <utility>

#include "added_column.h"
#include "null_model.h"

namespace fastlogit {

enum class Tests { score, likelihood_ratio, wald };

struct AdditionOptions {
  Options solver;
  Tests test = Tests::score;
  double penalised = 1.0;  // the column's, by a ridge penalty
  Index rank = 0;          // of the model without
  bool intercept = false;  // has it one?
};

// In the user's units. NaN: not known.
struct Addition {
  enum class End { fitted, aliased, constant, too_few, not_finite };

  explicit Addition(Index predictors)
      : estimate(Vector::Constant(predictors, std::numeric_limits<double>::quiet_NaN())),
        error(estimate) {}

  End end = End::fitted;
  Status status = Status::infeasible;
  bool certified = false;
  bool null_certified = false;
  std::pair<double, double> range{0.0, 0.0};  // of the linear predictors
  std::pair<double, double> null_range{0.0, 0.0};
  Status null_status = Status::infeasible;
  int sign = 0;     // of an estimate that is infinite beyond doubt
  Vector estimate;  // of each predictor
  Vector error;
  double statistic = std::numeric_limits<double>::quiet_NaN();  // chi squared
  double loglik = std::numeric_limits<double>::quiet_NaN();
  double null_loglik = std::numeric_limits<double>::quiet_NaN();
};

// null: the model without the column, for the same rows.
Addition add_column(const SharedRows& shared,
                    const NullModel& null,
                    const AddedColumn& column,
                    const AdditionOptions& options,
                    const Execution& execution);

}  // namespace fastlogit
