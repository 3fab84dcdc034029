// Fits with some coefficients held: the one routine behind tests that coefficients are zero, points
// of profiles, and the ends of intervals.
//
// A fit counts where it has converged. From a start on the way of a profile it nearly always does;
// where it does not, or where there may be several maxima, others are tried.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "start.h"

namespace fastlogit {

struct Held {
  bool found = false;  // false where the log-likelihood is not finite
  Vector beta;
  double loglik = -std::numeric_limits<double>::infinity();  // penalised
  bool sure = false;                                         // has it converged?
  bool on_edge = false;                                      // of the link's domain
};

// The same rows, asked otherwise.
struct OtherViews {
  std::function<std::unique_ptr<Evaluator>(double temperature)> tempered;
  std::function<std::unique_ptr<Evaluator>(double temperature)> downwards;
  std::function<Result(const Control& control, const Vector& start, Result cut)> from_inside;
};

class HeldFits {
 public:
  // control: `fixed` has every coefficient; those that are true are held in all fits.
  HeldFits(
      Evaluator& rows, const Penalty& penalty, Control control, OtherViews views, bool unimodal)
      : rows_(rows),
        penalty_(penalty),
        control_(std::move(control)),
        views_(std::move(views)),
        unimodal_(unimodal) {}

  bool unimodal() const { return unimodal_; }

  // Some coefficients are held where they start.
  Held fit(const Vector& start, const std::vector<Index>& held) const {
    Control control = control_;
    for (const Index j : held) control.fixed[j] = true;
    Held best = climb(start, control);
    if (best.sure && unimodal_ && !best.on_edge) return best;
    const Vector plain = only_held(start, control);
    if (!control_.bounded && !penalty_.adjusts_score()) {
      best = better_of(std::move(best), climb(cooled(plain, control), control));
      if (best.sure && unimodal_) return best;
    }
    return better_of(std::move(best), climb(plain, control));
  }

 private:
  static Vector only_held(const Vector& start, const Control& control) {
    Vector beta = start;
    for (Index j = 0; j < beta.size(); ++j) {
      if (!control.fixed[j]) beta[j] = 0.0;
    }
    return beta;
  }

  Held climb(Vector start, const Control& control) const {
    if (control.bounded && !is_feasible(rows_, start)) {
      start = feasible(start, control);
      if (start.size() == 0) return {};
    }
    Result result = Maximiser(rows_, columns(), penalty_, control).run(start);
    if (result.status == Status::infeasible) return {};
    const bool stuck = result.cut || result.status != Status::converged;
    if (control.bounded && stuck && !penalty_.adjusts_score()) {
      result = views_.from_inside(control, start, std::move(result));
    }
    const bool sure = result.status == Status::converged || result.status == Status::boundary;
    const double loglik = result.loglik + result.penalty;
    return {true, std::move(result.beta), loglik, sure, result.status == Status::boundary};
  }

  // Pushed down into the domain, which is convex, and back towards where it came from as far as
  // that is upwards. Empty where there is no way in.
  Vector feasible(const Vector& from, const Control& control) const {
    constexpr int kMost = 60;
    Vector inside;
    for (double temperature = 1.0; inside.size() == 0 && temperature <= kHottest;
         temperature *= 1024.0) {
      const std::unique_ptr<Evaluator> down = views_.downwards(temperature);
      inside = push_down(rows_, *down, columns(), from, control);
    }
    for (int i = 0; i < kMost && inside.size() > 0; ++i) {
      const Vector nearer = 0.5 * (from + inside);
      if (!(loglik_at(nearer) > loglik_at(inside))) break;
      inside = nearer;
    }
    return inside;
  }

  double loglik_at(const Vector& beta) const {
    return rows_.evaluate(beta, Order::value, Curvature::expected).loglik;
  }

  // The higher; where both are as high, the one that has converged.
  static Held better_of(Held a, Held b) {
    constexpr double kSame = 1e-9;
    if (!a.found || !b.found) return a.found ? a : b;
    const bool same = std::fabs(a.loglik - b.loglik) <= kSame * (1.0 + std::fabs(a.loglik));
    if (same && a.sure != b.sure) return a.sure ? a : b;
    return b.loglik > a.loglik ? b : a;
  }

  // A start that no offset, and no value that is held, makes a bad one: from a temperature at which
  // all rows count, half by half down to where the rows are themselves.
  Vector cooled(Vector beta, Control control) const {
    control.maxit = 30;
    control.epsilon = 1e-4;
    for (double temperature = warm_enough(beta, control); temperature > 1.0; temperature /= 2.0) {
      const std::unique_ptr<Evaluator> rows = views_.tempered(temperature);
      Result result = Maximiser(*rows, columns(), penalty_, control).run(beta);
      if (result.status == Status::infeasible) return beta;
      beta = std::move(result.beta);
    }
    return beta;
  }

  // Where the information is a good part of what it is at most.
  double warm_enough(const Vector& beta, const Control& control) const {
    constexpr double kPart = 0.1;
    const auto diagonal_at = [&](double temperature) {
      const Moments at =
          views_.tempered(temperature)->evaluate(beta, Order::information, Curvature::expected);
      Vector diagonal = temperature * temperature * at.information.diagonal();
      for (Index j = 0; j < diagonal.size(); ++j) {
        if (control.fixed[j]) diagonal[j] = 0.0;
      }
      return diagonal;
    };
    const Vector most = kPart * diagonal_at(kHottest);
    double temperature = 1.0;
    while (temperature < kHottest && !(diagonal_at(temperature).array() >= most.array()).all()) {
      temperature *= 4.0;
    }
    return temperature;
  }

  static constexpr double kHottest = 1ULL << 40;

  Index columns() const { return static_cast<Index>(control_.aliased.size()); }

  Evaluator& rows_;
  const Penalty& penalty_;
  Control control_;
  OtherViews views_;
  bool unimodal_;
};

}  // namespace fastlogit
