// Where to begin.
#pragma once

#include <cmath>
#include <vector>

#include "continuation.h"
#include "maximise.h"
#include "tuning.h"

namespace fastlogit {

// A start is as good as its information: where the log-likelihood is not finite, or so flat that
// the information has all but vanished beside that of a sound point, there is no way on from it.
class StartJudge {
 public:
  StartJudge(Evaluator& rows, const Vector& sound) : rows_(rows), sound_(look_at(sound)) {}

  // vanished: what is left of the information, as a fraction.
  bool accepts(const Vector& beta, double vanished = kStartVanished);

  double sound_loglik() const { return sound_.loglik; }

 private:
  struct Point {
    double loglik;
    Vector diagonal;  // of the information; empty where the log-likelihood is not finite
  };

  Point look_at(const Vector& beta);

  Evaluator& rows_;
  Point sound_;
};

// A start for all rows that is the estimate of some.
struct SampleStart {
  Vector beta;          // empty: the sample does not tell
  double least_loglik;  // of all rows at beta, or the sample is not like them
};

// How many rows there are for one of a sample: 1 where a sample would cost more than it saves. Its
// estimate is off by about sqrt(k) standard errors, so it saves the steps before that.
Index sample_thinning(Index rows, Index size);

// The estimate of a sample of `rows` rows, one of `thinning` each, to a small part of its standard
// errors. A sample that is separated while the rows are not has coefficients that are far too
// large; there hardly any information is left.
SampleStart fit_sample(
    Evaluator& sample, Index columns, Index rows, Index thinning, const Vector& standard);

bool is_feasible(Evaluator& rows, const Vector& beta);

// The coefficients whose linear predictors are closest to a target; `target` evaluates
// LeastSquares.
Vector project(Evaluator& target, Index columns);

// Pushes all linear predictors into the link's domain, from `beta` until the rows' log-likelihood
// is finite; `phase_one` evaluates PhaseOne. The less it is damped, the more the farthest of the
// linear predictors counts. Empty when the end is never reached.
Vector push_inside(Evaluator& rows,
                   const DampedRows& phase_one,
                   double damping,
                   Index columns,
                   Vector beta,
                   const Control& of);

}  // namespace fastlogit
