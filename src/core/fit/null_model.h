// The model without a column that is to be added, for the rows that have a value of it: what all
// columns that lack the same rows have in common.
#pragma once

#include <utility>
#include <vector>

#include "../linalg/cholesky.h"
#include "refits.h"
#include "reweighted_problem.h"

namespace fastlogit {

// A column that is to be added, as orthogonal to the others as the weights of the null model have
// it: x - X g, which leaves its coefficient as it is.
struct ProjectedColumn {
  Vector rest;          // a number for each row
  Vector projection;    // g
  double left = 0.0;    // of its squared length, relative to the column's
  double length = 0.0;  // squared, of the rest
  double score = 0.0;
};

class NullModel {
 public:
  // missing: rows. start: coefficients, in the user's units. All but the last two have to outlive
  // the model.
  NullModel(const SharedRows& shared,
            const std::vector<Index>& missing,
            const Vector& start,
            const Options& options,
            const Execution& execution);

  // Of the rows, 0 for those that are missing; null: all are 1.
  const double* weight() const { return weight_.empty() ? prior_ : weight_.data(); }
  bool has(Index row) const { return !weight() || weight()[row] > 0.0; }

  const Result& result() const { return result_; }
  double height() const { return result_.loglik + result_.penalty; }
  std::pair<double, double> range() const { return range_; }

  // Is it known how a column goes on from here? Of one predictor only.
  bool has_sums() const { return residual_.size() > 0; }
  const Vector& residual() const { return residual_; }

  ProjectedColumn project(const Vector& column) const;

  // How the weights change with the linear predictors, where the link is canonical; else empty.
  const Vector& weight_slope() const { return weight_slope_; }

  // What coefficients make of residuals, a number for each row: I^-1 X' r.
  Vector response_to(const Vector& residual) const;

  // The start of the fit with one more column.
  Vector extended_start() const;

 private:
  bool has_rows() const;

  void set_sums(const Problem& problem);

  const SharedRows& shared_;
  const double* prior_;
  std::vector<double> weight_;
  Result result_;
  std::pair<double, double> range_{0.0, 0.0};
  Vector residual_;
  Vector information_weight_;  // expected
  Vector weight_slope_;
  Cholesky factor_;
};

}  // namespace fastlogit
