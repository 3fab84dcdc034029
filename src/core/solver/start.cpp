#include "start.h"

#include "tuning.h"

namespace fastlogit {

bool StartJudge::accepts(const Vector& beta, double vanished) {
  const Vector here = look_at(beta).diagonal;
  const Vector& there = sound_.diagonal;
  return here.size() > 0 && (there.size() == 0 || (here.array() >= vanished * there.array()).all());
}

StartJudge::Point StartJudge::look_at(const Vector& beta) {
  const Moments at = rows_.total(MomentsSum(beta, Order::information, Curvature::expected));
  if (!std::isfinite(at.loglik) || !at.information.allFinite()) return {at.loglik, Vector()};
  return {at.loglik, at.information.diagonal()};
}

Index sample_thinning(Index rows, Index size) {
  const bool enough = rows >= kFewestRows && rows / kThinning >= kRowsPerCoefficient * size;
  return enough ? kThinning : 1;
}

SampleStart fit_sample(
    Evaluator& sample, Index columns, Index rows, Index thinning, const Vector& standard) {
  StartJudge judge(sample, standard);
  Control control;
  control.options.maxit = kSampleIterations;
  control.conditions.resolution =
      std::sqrt(kSampleDigits * static_cast<double>(sample.size()) / rows);
  const Result fit = maximise(sample, columns, NoPenalty(), control, standard);
  const double gain = fit.loglik - judge.sound_loglik();
  const bool worthwhile = gain > kSampleGain * static_cast<double>(sample.size());
  if (fit.status != Status::converged || !worthwhile || !judge.accepts(fit.beta, kSampleVanished)) {
    return {};
  }
  return {fit.beta, kFarWorse * judge.sound_loglik() * thinning};
}

bool is_feasible(Evaluator& rows, const Vector& beta) {
  return std::isfinite(rows.total(MomentsSum(beta, Order::value, Curvature::expected)).loglik);
}

Vector project(Evaluator& target, Index columns) {
  Control control;
  control.options.maxit = 2;
  return maximise(target, columns, NoPenalty(), control, Vector::Zero(target.size())).beta;
}

Vector push_inside(Evaluator& rows,
                   const DampedRows& phase_one,
                   double damping,
                   Index columns,
                   Vector beta,
                   const Control& of) {
  Control control;
  control.options.maxit = 1;
  control.conditions.fixed = of.conditions.fixed;
  control.conditions.aliased = of.conditions.aliased;
  for (int doubling = 0; doubling < kMostDoublings; ++doubling, damping *= 2.0) {
    const std::unique_ptr<Evaluator> inwards = phase_one(damping);
    for (int push = 0; push < kMostPushes; ++push) {
      const bool done = is_feasible(rows, beta);
      const Result pushed = maximise(*inwards, columns, NoPenalty(), control, beta);
      // One push more, lest a linear predictor is zero but for rounding.
      if (done) return is_feasible(rows, pushed.beta) ? pushed.beta : beta;
      if (pushed.status == Status::infeasible) return Vector();
      beta = pushed.beta;
      if (pushed.status != Status::iteration_limit) break;
    }
  }
  return Vector();
}

}  // namespace fastlogit
