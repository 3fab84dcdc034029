// Contract: a family turns linear predictors and responses into the log-likelihood and its
// derivatives. It knows neither the design nor the coefficients.
#pragma once

#include "../types.h"

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

  Response from(Index row) const {
    return {y ? y + row : nullptr,
            complement ? complement + row : nullptr,
            weight ? weight + row : nullptr,
            category ? category + row : nullptr,
            stride,
            single};
  }
};

class Family {
 public:
  virtual ~Family() = default;

  // q: the number of linear predictors.
  virtual Index predictors() const = 0;

  // True where the expected and the observed information are the same.
  virtual bool canonical() const = 0;

  // True where linear predictors have to be negative: the domain has an edge on which a maximum may
  // lie.
  virtual bool bounded() const { return false; }

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
};

}  // namespace fastlogit
