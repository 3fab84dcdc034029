#include "ways.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "../solver/maximise.h"

namespace fastlogit {

namespace {

struct Start {
  Vector beta;    // empty: there is none
  int candidate;  // 1, 2, ...; 0 when none of the candidates would do
};

Vector coefficients_of(const StartCandidate& candidate,
                       const Problem& problem,
                       Index thinning = 1) {
  if (candidate.eta.size() > 0) return problem.closest_to(candidate.eta.data(), thinning);
  const Vector& beta = candidate.coefficients;
  const Vector& scale = problem.scale();
  return beta.cwiseQuotient(scale.replicate(beta.size() / scale.size(), 1));
}

// The first acceptable candidate. The last of them is the default one, by which the others are
// judged.
Start choose_start(const std::vector<StartCandidate>& candidates,
                   const Problem& problem,
                   Evaluator& rows) {
  const int last = static_cast<int>(candidates.size());
  const Vector standard = coefficients_of(candidates[last - 1], problem);
  if (last > 1) {
    StartJudge judge(rows, standard);
    for (int i = 1; i < last; ++i) {
      const Vector beta = coefficients_of(candidates[i - 1], problem);
      if (judge.accepts(beta)) return {beta, i};
    }
  }
  return {standard, last};
}

// The start that a sample of the rows gives, where there are many and the user has given none.
SampleStart start_from_sample(const std::vector<StartCandidate>& candidates,
                              const Problem& problem,
                              const Control& control) {
  const Index n = problem.count();
  const Index thinning = sample_thinning(n, problem.coefficients());
  const bool possible =
      candidates.size() == 1 && problem.can_be_sampled() && !control.conditions.domain.bounded();
  if (thinning == 1 || !possible) return {};
  const std::unique_ptr<Evaluator> sample =
      problem.evaluator(problem.all_threads(), problem.likelihood(), thinning);
  const Vector standard = coefficients_of(candidates[0], problem, thinning);
  return fit_sample(*sample, problem.columns(), n / thinning, thinning, standard);
}

double height(const Result& result) {
  return result.loglik + result.penalty;
}

// Does one maximum lie above another one, as far as rounding shows?
bool is_higher(const Result& one, const Result& other) {
  constexpr double kSame = 1e-9;
  return height(one) > height(other) + kSame * (std::fabs(height(other)) + 0.05);
}

// The ways to a maximum, of which most fits take the first alone.
class Ways {
 public:
  Ways(const std::vector<StartCandidate>& candidates,
       const Problem& problem,
       const Penalty& penalty,
       const Control& control,
       Evaluator& rows)
      : candidates_(candidates),
        problem_(problem),
        penalty_(penalty),
        control_(control),
        rows_(rows),
        execution_(problem.all_threads()) {}

  Result maximise() {
    Result best = first();
    see(best);
    if (control_.options.maxit == 0) return best;  // there is no way to go
    if (may_be_local()) {
      best = better(std::move(best), from_logit());
      best = better(std::move(best), continued());
      if (has_wide_offsets()) best = better(std::move(best), from(zero(), control_));
      // The highest may be one that was given up half way.
      Control newton = control_;
      newton.options.method = Method::newton;
      if (!has_ended_well(best.status)) best = better(std::move(best), from(best.beta, newton));
    } else if (goes_on(best)) {
      best = better(std::move(best), continued());
    }
    return best;
  }

  // How many different maxima were seen.
  Index maxima() const { return static_cast<Index>(maxima_.size()); }

  // Of the start from which the best way began: 1, 2, ...; 0 for none of them.
  int candidate() const { return candidate_; }

 private:
  // From the sample's start, the first acceptable candidate, or wherever the log-likelihood is
  // finite.
  Result first() {
    const int last = static_cast<int>(candidates_.size());
    const SampleStart sample = start_from_sample(candidates_, problem_, control_);
    if (sample.beta.size() > 0) {
      candidate_ = last;
      Control control = control_;
      control.conditions.least_loglik = sample.least_loglik;
      Result result = from(sample.beta, control);
      if (result.status != Status::infeasible) return result;
    }
    const Start start = choose_start(candidates_, problem_, rows_);
    candidate_ = start.candidate;
    return from(start.beta, control_);
  }

  Result from(const Vector& start, const Control& control) {
    return problem_.maximise_from(rows_, penalty_, control, execution_, start);
  }

  Result continued() {
    return problem_.by_continuation(rows_, penalty_, control_, execution_, zero());
  }

  // The logit's maximum, of which there is one, is not far.
  Result from_logit() {
    const std::unique_ptr<Evaluator> logit = problem_.evaluator(execution_, {"logit"});
    const Control control;
    return from(fastlogit::maximise(*logit, problem_.columns(), penalty_, control, zero()).beta,
                control_);
  }

  // A start that is given is one's choice among maxima.
  bool may_be_local() const {
    const Family& family = problem_.family();
    if (candidates_.size() > 1 || !penalty_.has_value() || family.cuts()) return false;
    return !family.concave() ||
           (penalty_.adjusts_score() && !family.canonical() && !family.bounded());
  }

  // Is it worth while to look for another way? Where coefficients grow without bound there is none;
  // and where iterations were too few, they are so for any way that begins at the same place.
  bool goes_on(const Result& result) {
    const bool all_used = static_cast<Index>(result.history.size()) >= control_.options.maxit;
    if (all_used) return has_wide_offsets();
    if (has_ended_well(result.status)) return has_lost_columns(result);
    return result.status != Status::diverging || control_.conditions.has_maximum ||
           penalty_.adjusts_score();
  }

  bool has_wide_offsets() const { return problem_.damping_at(zero(), execution_) < 1.0; }

  // Weights that have vanished take columns with them. Those of a column that depends on others
  // have scores that vanish as the others' do.
  bool has_lost_columns(const Result& result) {
    constexpr double kVanished = 1e-6;
    const std::vector<bool>& aliased = result.aliased;
    if (std::find(aliased.begin(), aliased.end(), true) == aliased.end()) return false;
    rows_.set_basis(Matrix());
    const Vector score =
        rows_.total(MomentsSum(result.beta, Order::gradient, Curvature::observed)).score;
    for (Index j = 0; j < score.size(); ++j) {
      if (aliased[j % problem_.columns()] &&
          std::fabs(score[j]) > kVanished * std::fabs(result.loglik))
        return true;
    }
    return false;
  }

  // Keeps the heights of different maxima.
  void see(const Result& result) {
    constexpr double kOther = 1e-6;
    if (!has_ended_well(result.status)) return;
    for (const double seen : maxima_) {
      if (std::fabs(seen - height(result)) <= kOther * (std::fabs(seen) + 0.05)) return;
    }
    maxima_.push_back(height(result));
  }

  // At the limit of the iterations, an end may be one that is just good enough.
  bool is_settled(const Result& result) const {
    return has_ended_well(result.status) &&
           static_cast<Index>(result.history.size()) < control_.options.maxit;
  }

  Result better(Result one, Result other) {
    if (other.status == Status::infeasible) return one;
    see(other);
    bool better = one.status == Status::infeasible || (is_settled(other) && !is_settled(one));
    if (one.status != Status::infeasible && penalty_.has_value()) {
      better = is_higher(other, one) || (better && !is_higher(one, other));
    }
    if (better) candidate_ = candidates_.size() == 1 ? 1 : 0;
    return better ? std::move(other) : std::move(one);
  }

  Vector zero() const { return Vector::Zero(rows_.size()); }

  const std::vector<StartCandidate>& candidates_;
  const Problem& problem_;
  const Penalty& penalty_;
  const Control& control_;
  Evaluator& rows_;
  Execution execution_;
  int candidate_ = 0;
  std::vector<double> maxima_;
};

}  // namespace

Solution find_maximum(const std::vector<StartCandidate>& candidates,
                      const Problem& problem,
                      const Penalty& penalty,
                      const Control& control,
                      Evaluator& rows) {
  Ways ways(candidates, problem, penalty, control, rows);
  Result result = ways.maximise();
  return {std::move(result), ways.candidate(), ways.maxima()};
}

}  // namespace fastlogit
