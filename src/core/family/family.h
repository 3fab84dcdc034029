// Contract: a family turns linear predictors and responses into the log-likelihood and its
// derivatives. It knows neither the design nor the coefficients.
#pragma once

#include <limits>
#include <utility>

#include "../types.h"
#include "cuts.h"

namespace fastlogit {

// The responses of some rows, row by row; whoever slices the rows moves the pointers.
struct Response {
  // Proportions in [0, 1]: of successes; for many classes a column for each, the baseline first.
  const double* y = nullptr;
  const double* complement = nullptr;  // 1 - y without rounding (two classes only); null: computed
  const double* weight = nullptr;      // trials times prior weight, in units such that sums stay in
                                       // range; null: all are 1
  const int* category = nullptr;       // instead of y: the class, 0 the baseline
  Index stride = 0;                    // between the columns of y; 0: there is one
  bool single = false;                 // every y is 0 or 1, and complement is null
  double constant = 0.0;               // of the log-likelihood of all the rows, added once
  const int* set = nullptr;            // the number of the row's matched set, which never falls:
                                       // no block has a part of one

  Response from(Index row) const {
    return {y ? y + row : nullptr,
            complement ? complement + row : nullptr,
            weight ? weight + row : nullptr,
            category ? category + row : nullptr,
            stride,
            single,
            0.0,
            set ? set + row : nullptr};
  }
};

class Family {
 public:
  virtual ~Family() = default;

  // q: the number of linear predictors.
  virtual Index predictors() const = 0;

  // Which coefficients they have, where they share some; null: each has its own.
  virtual const Cuts* cuts() const { return nullptr; }

  // How many coefficients they have on some columns of a design.
  Index coefficients_on(Index columns) const {
    return cuts() ? cuts()->size() : columns * predictors();
  }

  // True where the expected and the observed information are the same.
  virtual bool canonical() const = 0;

  // False where the log-likelihood may have several maxima.
  virtual bool concave() const { return true; }

  // The least and the largest linear predictor (eta: rows x q); of many classes, the least and the
  // largest log-odds of a class against all others.
  virtual std::pair<double, double> range(const ConstMatrixRef& eta) const {
    return {eta.minCoeff(), eta.maxCoeff()};
  }

  // Where linear predictors have to be. A maximum may lie on an edge.
  virtual Domain domain() const { return {}; }
  bool bounded() const { return domain().bounded(); }

  // True where each row has a likelihood of its own, so that evaluate() needs all of them at once.
  virtual bool by_row() const { return false; }

  // Of likelihoods of matched sets, whose information is no sum over rows (sums/set_rows.h): what
  // the linear predictors are multiplied by; 0 where rows stand alone.
  virtual double set_scale() const { return 0.0; }
  bool of_sets() const { return set_scale() != 0.0; }

  // eta: rows x q. Returns the log-likelihood of the rows relative to the saturated model, -Inf
  // where eta is outside the family's domain. Fills residual (rows x q: dl / d eta) from
  // Order::gradient on, and weight (rows x q (q + 1) / 2: minus the second derivatives, pairs (j, k
  // <= j) row by row of the lower triangle) from Order::information on. Rows of zero weight
  // contribute exactly zero to all of them.
  virtual double evaluate(const ConstMatrixRef& eta,
                          const Response& response,
                          Order order,
                          Curvature curvature,
                          MatrixRef residual,
                          MatrixRef weight) const = 0;

  // True where the weights of a row are -r r' off the diagonal: write_factors() fills the diagonal
  // (rows x q) and r, which is less than the pairs.
  virtual bool has_factors() const { return false; }
  virtual void write_factors(const ConstMatrixRef&,
                             const Response&,
                             MatrixRef diagonal,
                             MatrixRef root) const {
    diagonal.setZero();
    root.setZero();
  }

  // leverage: rows x q (q + 1) / 2, x' S_jk x for the blocks of an inverse information S, pairs as
  // of the weights. Adds to residual (rows x q) the derivative in eta of sum_jk x' S_jk x W_jk,
  // where W are the expected weights (Adjustment::jeffreys), or the sum without what the variances
  // contribute to it (Adjustment::mean). Families that serve to find a start have none.
  virtual void add_adjustment(
      const ConstMatrixRef&, const Response&, Adjustment, const ConstMatrixRef&, MatrixRef) const {}

  // directions: rows x q m, q columns for each of m directions t in eta. Adds to sums (m) the terms
  // of third order along each that set the median of an estimate apart from its mean: w (mu' V' /
  // (3 V) - mu'' / mu') t^3 of two classes; under a canonical link minus two thirds of the third
  // cumulant of t' y (Kenne Pagui, Salvan & Sartori 2017).
  virtual void add_third_order(const ConstMatrixRef&,
                               const Response&,
                               const ConstMatrixRef&,
                               VectorRef) const {}

  // K, the outcomes that have a mean of their own: of two classes success alone.
  virtual Index outcomes() const { return 1; }

  // The means times their weights, rows x K, and their derivatives in eta, rows x K q, outcome by
  // outcome; NaN where eta is outside the family's domain. Rows of zero weight contribute exactly
  // zero. Families that serve to find a start have none.
  virtual void means(const ConstMatrixRef&,
                     const Response&,
                     MatrixRef mean,
                     MatrixRef slope) const {
    mean.setConstant(std::numeric_limits<double>::quiet_NaN());
    slope.setConstant(std::numeric_limits<double>::quiet_NaN());
  }

  // direction: rows x q. The derivatives of both along it.
  virtual void means_along(const ConstMatrixRef& eta,
                           const Response& response,
                           const ConstMatrixRef&,
                           MatrixRef mean,
                           MatrixRef slope) const {
    Family::means(eta, response, mean, slope);
  }
};

}  // namespace fastlogit
