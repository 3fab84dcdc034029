// Fits of some of the coefficients, the others held at zero, and score tests of those.
//
// All begin where one information was formed: it says for each of them how the others follow those
// that go to zero. From there on they go in step, by passes that end with the score and serve them
// all; what the steps tell of the change of the information is kept (secant pairs), and where that
// is not enough, it is formed again. What does not converge so is left to others.
#pragma once

#include <limits>
#include <memory>
#include <vector>

#include "../linalg/cholesky.h"
#include "../solver/secant.h"
#include "problem.h"

namespace fastlogit {

// An information without the coefficients that are held.
class RestrictedFactor {
 public:
  // whole: the factor of the same information with all coefficients, or NULL. Of it the inverse of
  // what is left follows by as many solutions as there are held coefficients.
  // False where coefficients are not told apart beyond doubt.
  bool compute(const Information& information,
               const std::vector<bool>& held,
               std::shared_ptr<const Cholesky> whole);

  // v: zero for what is held.
  Vector solve(const Vector& v) const;

 private:
  Cholesky own_;
  std::shared_ptr<const Cholesky> whole_;
  std::vector<Index> held_;
  Matrix followers_;  // the columns of the whole inverse for what is held
  Cholesky among_;    // the factor of its rows there
};

class SubmodelIteration {
 public:
  // at: with the information, at `start`; whole: the factor of that, or NULL.
  // all_digits: of the coefficients; else of the log-likelihood, which has twice as many.
  SubmodelIteration(const Moments& at,
                    const std::shared_ptr<const Cholesky>& whole,
                    const Vector& start,
                    std::vector<bool> held,
                    bool all_digits);

  bool running() const { return running_; }
  Order order() const { return order_; }  // of the moments that it takes
  const Vector& beta() const { return beta_; }

  // NaN where there is no maximum for certain.
  double loglik() const { return loglik_; }

  void take(const Moments& moments);

 private:
  Vector free_part(Vector v) const;

  // By the information in use, and what the steps since then have told.
  Vector solve(const Vector& score) const;

  bool close(double size) const;

  std::vector<bool> held_;
  bool all_digits_;
  RestrictedFactor factor_;
  SecantPairs pairs_;
  Vector beta_;
  Vector step_;  // the last one, from where the score was
  Vector score_;
  double loglik_ = std::numeric_limits<double>::quiet_NaN();
  double last_ = std::numeric_limits<double>::infinity();  // size of the last step
  bool running_;
  Order order_ = Order::gradient;
  int passes_ = 0;
  int renewals_ = 0;
};

struct Submodel {
  Vector beta;
  double loglik;  // NaN where there is no maximum for certain
};

// kept: of each submodel the coefficients that are not zero. Where the likelihood may have several
// maxima, none is certain.
std::vector<Submodel> fit_submodels(const Problem& problem,
                                    Evaluator& rows,
                                    const Vector& start,
                                    const std::vector<std::vector<Index>>& kept,
                                    bool all_digits);

// Rao's score statistics u' I^-1 u, by the score and the expected information of some coefficients
// at beta, for each of some groups of them. Coefficients that depend on those before them have no
// part.
Vector score_statistics(Evaluator& rows,
                        const Vector& beta,
                        const std::vector<std::vector<Index>>& groups);

}  // namespace fastlogit
