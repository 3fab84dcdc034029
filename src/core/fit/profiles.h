// A fit and the profiles of its coefficients.
#pragma once

#include <cmath>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "../solver/profile.h"
#include "held_problem.h"

namespace fastlogit {

// Coefficients are NA where they are left out, and are counted from 1.
class Profiles {
 public:
  // As HeldProblem takes them.
  Profiles(std::unique_ptr<Problem> problem, const Vector& coefficients);

  // The distances of the ends of the intervals from the estimates, below and above; NaN where they
  // are in doubt.
  Matrix ends(const std::vector<int>& which, double quantile);

  // The fits with each of the coefficients held at zero.
  std::vector<Held> at_zero(const std::vector<int>& which);

  // The same of several together.
  Held all_at_zero(const std::vector<int>& group);

  // visit(task, trace, profile) for the coefficients which[task].
  template <typename Visit>
  void each(const std::vector<int>& which, const std::vector<Index>& tasks, const Visit& visit) {
    const Index count = static_cast<Index>(tasks.size());
    // Coefficients in parallel do not wait for each other; where they are too few, rows are.
    const bool by_rows = count < problem().threads() || !problem().is_concurrent();
    std::vector<Higher> higher(count);
    const auto work = [&](Index number, const Heartbeat& heartbeat) {
      const Execution execution{by_rows ? problem().threads() : 1, heartbeat};
      const std::unique_ptr<Evaluator> rows = held_.evaluator(execution);
      const HeldFits fits = held_.fits(*rows, execution);
      const ProfileTrace trace(maximum_, which[tasks[number]] - 1);
      Profile profile(*rows, trace, fits);
      visit(tasks[number], trace, profile);
      higher[number] = profile.higher();
    };
    run_side_by_side(
        count, by_rows ? 1 : problem().threads(), work, problem().all_threads().heartbeat);
    for (const Higher& one : higher) see(one);
  }

  const Problem& problem() const { return held_.problem(); }
  const Vector& scale() const { return held_.scale(); }
  double scale(int coefficient) const { return held_.scale()[coefficient - 1]; }
  double unit() const { return problem().unit(); }
  double estimate(int coefficient) const { return maximum_.beta()[coefficient - 1]; }
  const Maximum& maximum() const { return maximum_; }

  // By how much the deviance was somewhere below the fit's; and below that of the maximum in use.
  double better() const { return 2.0 * unit() * (gained_ + higher_.excess); }
  double missed() const { return 2.0 * unit() * higher_.excess; }

  // The maximum that lies behind what was seen of a better one.
  Vector better_solution() const;

  // What standard errors are made of.
  Information information(const Vector& beta);

 private:
  static constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

  // visit(traces, first) for some coefficients at a time: their traces and sums are to stay small.
  template <typename Visit>
  void in_groups(const std::vector<int>& which, const Visit& visit) {
    constexpr Index kMost = 64;
    for (Index first = 0; first < static_cast<Index>(which.size()); first += kMost) {
      std::vector<ProfileTrace> traces;
      for (Index i = first; i < std::min<Index>(first + kMost, static_cast<Index>(which.size()));
           ++i) {
        traces.emplace_back(maximum_, which[i] - 1);
      }
      visit(traces, first);
    }
  }

  // What iterations have not found; and all, where they may have come to another maximum.
  std::vector<Index> in_doubt(const Matrix& found) const;

  void see(const Higher& other) { higher_.see(other.excess, other.beta); }

  Maximum maximum_at(Vector beta) const;

  // A fit may have stopped before the last digits: of separated data, it has to.
  void polish();

  HeldProblem held_;
  std::unique_ptr<Evaluator> all_rows_;
  Maximum maximum_;
  double gained_ = 0.0;  // from the fit to the maximum
  Higher higher_;        // a point that is higher than the maximum
};

}  // namespace fastlogit
