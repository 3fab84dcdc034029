// A problem some of whose coefficients are held.
#pragma once

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "../solver/held.h"
#include "problem.h"

namespace fastlogit {

class HeldProblem {
 public:
  // coefficients: where to begin, in the user's units; NaN where they are left out, for one that is
  // aliased or that the rows do not determine.
  HeldProblem(std::unique_ptr<Problem> problem, const Vector& coefficients);

  const Problem& problem() const { return *problem_; }
  const Penalty& penalty() const { return *penalty_; }
  const Vector& scale() const { return scale_; }
  const Vector& start() const { return beta_; }
  const std::vector<bool>& left_out() const { return left_out_; }
  const std::vector<bool>& aliased() const { return aliased_; }  // by column, of all classes

  std::unique_ptr<Evaluator> evaluator(const Execution& execution) const;

  // rows: by the same execution. This and they have to outlive the fits.
  HeldFits fits(Evaluator& rows, const Execution& execution) const;

 private:
  Result from(Evaluator& rows,
              const Execution& execution,
              const Control& control,
              Vector start) const;

  // Pushed into the domain, which is convex, and back towards where it came from as far as
  // that is upwards. Empty where there is no way in.
  Vector feasible(Evaluator& rows,
                  const Execution& execution,
                  const Control& control,
                  const Vector& from) const;

  std::unique_ptr<Problem> problem_;
  std::unique_ptr<Penalty> penalty_;
  Vector scale_;
  Vector beta_;
  std::vector<bool> left_out_;
  std::vector<bool> aliased_;
};

}  // namespace fastlogit
