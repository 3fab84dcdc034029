// Rows in memory with one more column of the design, and without those that lack a value of it.
#pragma once

#include <memory>

#include "reweighted_problem.h"

namespace fastlogit {

class ExtendedProblem final : public Problem {
 public:
  // column: see Design::with_column(); scale: what it was multiplied by, a power of two. penalised:
  // by ridge, see Model. weight: of the rows, 0 for those without a value. All but the execution
  // have to outlive the problem.
  ExtendedProblem(const SharedRows& shared,
                  const Vector& column,
                  double scale,
                  double penalised,
                  const double* weight,
                  Execution execution);

  Index count() const override { return design_->rows(); }
  const Vector& scale() const override { return scale_; }
  double unit() const override { return shared_.unit; }

  std::unique_ptr<Evaluator> evaluator(const Execution& execution,
                                       const Likelihood& likelihood,
                                       Index thinning) const override;

 private:
  const SharedRows& shared_;
  std::unique_ptr<Design> design_;
  const double* weight_;
  Vector scale_;
};

}  // namespace fastlogit
