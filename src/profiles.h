// A fit and the profiles of its coefficients.
#pragma once

#include <atomic>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "core/solver/profile.h"
#include "held_problem.h"

namespace fastlogit {

// Coefficients are NA where they are left out, and are counted from 1.
class Profiles {
 public:
  Profiles(const Rcpp::List& rows, const Rcpp::NumericVector& coefficients)
      : held_(rows, coefficients),
        all_rows_(held_.evaluator(problem().all_threads())),
        summit_(summit_at(held_.start())) {
    climb();
  }

  // The distances of the ends of the intervals from the estimates, below and above; NaN where they
  // are in doubt.
  Matrix ends(const Rcpp::IntegerVector& which, double quantile) {
    Matrix distance(which.size(), 2);
    in_groups(which, [&](const std::vector<Path>& paths, Index first) {
      std::vector<Approach> above, below;
      for (const Path& path : paths) above.emplace_back(path, 1.0, quantile);
      walk_together(summit_, *all_rows_, above);
      for (const Approach& approach : above) below.push_back(approach.opposite());
      walk_together(summit_, *all_rows_, below);
      for (size_t i = 0; i < paths.size(); ++i) {
        const Index row = first + static_cast<Index>(i);
        distance(row, 0) = below[i].arrived() ? below[i].distance() : kMissing;
        distance(row, 1) = above[i].arrived() ? above[i].distance() : kMissing;
        see(below[i].higher());
        see(above[i].higher());
      }
    });
    each(which, in_doubt(distance), [&](Index task, const Path&, Profile& profile) {
      for (const int column : {0, 1}) {
        const double side = column == 0 ? -1.0 : 1.0;
        double& end = distance(task, column);
        if (std::isnan(end) || !profile.is_end(side, end, quantile)) {
          end = profile.end(side, quantile);
        }
      }
    });
    return distance;
  }

  // The fits with each of the coefficients held at zero.
  std::vector<Held> at_zero(const Rcpp::IntegerVector& which) {
    std::vector<Held> zero(which.size());
    Vector known(which.size());
    in_groups(which, [&](const std::vector<Path>& paths, Index first) {
      std::vector<Glide> glides;
      for (const Path& path : paths) glides.emplace_back(path, path.from(summit_.beta(), 0.0));
      walk_together(summit_, *all_rows_, glides);
      for (size_t i = 0; i < paths.size(); ++i) {
        const Index at = first + static_cast<Index>(i);
        known[at] = glides[i].arrived() ? glides[i].loglik() : kMissing;
        zero[at] = {glides[i].arrived(), glides[i].beta(), glides[i].loglik(), true};
        see(glides[i].higher());
      }
    });
    each(which, in_doubt(known), [&](Index task, const Path& path, Profile& profile) {
      const Vector along = path.from(summit_.beta(), 0.0);
      Held held = profile.maximise(along);
      if (!zero[task].found || held.loglik > zero[task].loglik) zero[task] = std::move(held);
    });
    return zero;
  }

  // The same of several together.
  Held all_at_zero(const Rcpp::IntegerVector& group) {
    std::vector<Index> coefficients;
    Vector start = summit_.beta();
    for (const int j : group) {
      coefficients.push_back(j - 1);
      start[j - 1] = 0.0;
    }
    Held held = held_.fits(*all_rows_, problem().all_threads()).fit(start, coefficients);
    if (held.found) see({held.loglik - summit_.loglik(), held.beta});
    return held;
  }

  // visit(task, path, profile) for the coefficients which[task].
  template <typename Visit>
  void each(const Rcpp::IntegerVector& which, const std::vector<Index>& tasks, const Visit& visit) {
    const Index count = static_cast<Index>(tasks.size());
    // Coefficients in parallel do not wait for each other; where they are too few, rows are.
    const bool by_rows = count < problem().threads() || !problem().is_concurrent();
    std::atomic<bool> stop{false};
    UserInterrupt interrupted;
    const Heartbeat ask = [&] {
      if (interrupted()) stop = true;
      return stop.load();
    };
    const Heartbeat listen = [&] { return stop.load(); };
    std::vector<Higher> higher(count);
    const auto work = [&](Index number, int worker) {
      const Crew crew{by_rows ? problem().threads() : 1, worker == 0 ? ask : listen};
      const std::unique_ptr<Evaluator> rows = held_.evaluator(crew);
      const HeldFits fits = held_.fits(*rows, crew);
      const Path path(summit_, which[tasks[number]] - 1);
      Profile profile(*rows, path, fits);
      visit(tasks[number], path, profile);
      higher[number] = profile.higher();
    };
    const bool finished = parallel_for(count, by_rows ? 1 : problem().threads(), work, ask);
    if (!finished || stop) throw Interrupted();
    for (const Higher& one : higher) see(one);
  }

  const Problem& problem() const { return held_.problem(); }
  const Vector& scale() const { return held_.scale(); }
  double scale(int coefficient) const { return held_.scale()[coefficient - 1]; }
  double unit() const { return problem().unit(); }
  double estimate(int coefficient) const { return summit_.beta()[coefficient - 1]; }
  const Summit& summit() const { return summit_; }

  // By how much the deviance was somewhere below the fit's; and below that of the maximum in use.
  double better() const { return 2.0 * unit() * (climbed_ + higher_.excess); }
  double missed() const { return 2.0 * unit() * higher_.excess; }

  // The maximum that lies behind what was seen of a better one.
  Vector better_solution() const {
    const HeldFits fits = held_.fits(*all_rows_, problem().all_threads());
    return fits.fit(higher_.beta.size() ? higher_.beta : summit_.beta(), {}).beta;
  }

  // What standard errors are made of.
  Information information(const Vector& beta) {
    Moments moments = all_rows_->total(MomentsSum(beta, Order::information, Curvature::expected));
    const Matrix own_coordinates;
    const Penalty& penalty = held_.penalty();
    if (!penalty.adjusts_score()) {
      penalty.apply(beta, {own_coordinates, summit_.aliased()}, *all_rows_, moments);
    }
    return moments.information;
  }

 private:
  static constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

  // visit(paths, first) for some coefficients at a time: their paths and sums are to stay small.
  template <typename Visit>
  void in_groups(const Rcpp::IntegerVector& which, const Visit& visit) {
    constexpr Index kMost = 64;
    for (Index first = 0; first < which.size(); first += kMost) {
      std::vector<Path> paths;
      for (Index i = first; i < std::min<Index>(first + kMost, which.size()); ++i) {
        paths.emplace_back(summit_, which[i] - 1);
      }
      visit(paths, first);
    }
  }

  // What walks have not found; and all, where they may have come to another maximum.
  std::vector<Index> in_doubt(const Matrix& found) const {
    const bool unimodal = held_.fits(*all_rows_, problem().all_threads()).unimodal();
    std::vector<Index> rows;
    for (Index i = 0; i < found.rows(); ++i) {
      if (!unimodal || found.row(i).hasNaN()) rows.push_back(i);
    }
    return rows;
  }

  void see(const Higher& other) { higher_.see(other.excess, other.beta); }

  Summit summit_at(Vector beta) const {
    return {*all_rows_, held_.penalty(), std::move(beta), held_.aliased(), held_.left_out()};
  }

  // A fit may have stopped before the last digits: of separated data, it has to.
  void climb() {
    constexpr double kLevel = 1e-11;  // of the deviance
    constexpr int kMost = 20;
    const HeldFits fits = held_.fits(*all_rows_, problem().all_threads());
    if (!std::isfinite(summit_.loglik())) {
      Held inside = fits.fit(summit_.beta(), {});
      if (inside.found) summit_ = summit_at(std::move(inside.beta));
    }
    const double loglik = summit_.loglik();
    const bool possible = !problem().family().bounded() && held_.penalty().has_value();
    for (int i = 0; i < kMost && possible && !(summit_.promise() <= kLevel); ++i) {
      Held higher = fits.fit(summit_.beta(), {});
      if (!(higher.loglik > summit_.loglik())) break;
      summit_ = summit_at(std::move(higher.beta));
    }
    climbed_ = summit_.loglik() - loglik;
  }

  HeldProblem held_;
  std::unique_ptr<Evaluator> all_rows_;
  Summit summit_;
  double climbed_ = 0.0;  // from the fit to the summit
  Higher higher_;         // a point that is higher than the summit
};

}  // namespace fastlogit
