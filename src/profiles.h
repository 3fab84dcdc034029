// A fit and the profiles of its coefficients.
#pragma once

#include <atomic>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "core/solver/profile.h"
#include "problem.h"

namespace fastlogit {

// Coefficients are NA where they are aliased, and are counted from 1.
class Profiles {
 public:
  Profiles(const Rcpp::List& rows, const Rcpp::NumericVector& coefficients)
      : problem_(make_problem(rows)),
        penalty_(problem_->penalty()),
        all_rows_(problem_->evaluator(problem_->all_threads(), problem_->likelihood())),
        scale_(problem_->scale().replicate(problem_->likelihood().predictors, 1)),
        summit_(*all_rows_, *penalty_, in_scale(coefficients), aliased(coefficients)) {
    climb();
  }

  // The distances of the ends of the intervals from the estimates, below and above.
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
        see(std::max(below[i].excess(), above[i].excess()));
      }
    });
    each(which, missing(distance), [&](Index task, const Path&, Profile& profile) {
      for (const int side : {0, 1}) {
        double& end = distance(task, side);
        if (std::isnan(end)) end = profile.end(side == 0 ? -1.0 : 1.0, quantile);
      }
    });
    return distance;
  }

  // By how much twice the log-likelihood falls when each of the coefficients is zero; Inf where
  // there is none.
  Vector falls_at_zero(const Rcpp::IntegerVector& which) {
    Vector root(which.size());
    in_groups(which, [&](const std::vector<Path>& paths, Index first) {
      std::vector<Glide> glides;
      for (const Path& path : paths) glides.emplace_back(path, path.from(summit_.beta(), 0.0));
      walk_together(summit_, *all_rows_, glides);
      for (size_t i = 0; i < paths.size(); ++i) {
        root[first + static_cast<Index>(i)] =
            glides[i].arrived() ? paths[i].root(glides[i].loglik()) : kMissing;
      }
    });
    each(which, missing(root), [&](Index task, const Path& path, Profile& profile) {
      const Held held = profile.maximise(path.from(summit_.beta(), 0.0));
      root[task] = held.found ? path.root(held.loglik) : std::numeric_limits<double>::infinity();
    });
    return unit() * root.cwiseAbs2();
  }

  // The same of several together.
  double fall_at_zero(const Rcpp::IntegerVector& group) {
    std::vector<Index> coefficients;
    Vector start = summit_.beta();
    for (const int j : group) {
      coefficients.push_back(j - 1);
      start[j - 1] = 0.0;
    }
    double loglik = -std::numeric_limits<double>::infinity();
    // The others may be far from where they will be, and the likelihood flat there.
    for (const Vector& from : {start, Vector(Vector::Zero(start.size()))}) {
      const Held zero = held(*all_rows_, problem_->all_threads(), from, coefficients);
      if (zero.found) loglik = std::max(loglik, zero.loglik);
      if (zero.sure) break;
    }
    return 2.0 * std::max(0.0, summit_.loglik() - loglik) * unit();
  }

  // visit(task, path, profile) for the coefficients which[task].
  template <typename Visit>
  void each(const Rcpp::IntegerVector& which, const std::vector<Index>& tasks, const Visit& visit) {
    const Index count = static_cast<Index>(tasks.size());
    // Coefficients in parallel do not wait for each other; where they are too few, rows are.
    const bool by_rows = count < problem_->threads() || !problem_->is_concurrent();
    std::atomic<bool> stop{false};
    UserInterrupt interrupted;
    const Heartbeat ask = [&] {
      if (interrupted()) stop = true;
      return stop.load();
    };
    const Heartbeat listen = [&] { return stop.load(); };
    Vector excess = Vector::Zero(count);
    const auto work = [&](Index number, int worker) {
      const Crew crew{by_rows ? problem_->threads() : 1, worker == 0 ? ask : listen};
      const std::unique_ptr<Evaluator> rows = problem_->evaluator(crew, problem_->likelihood());
      const HeldFit fit = [&](const Vector& start, Index coefficient) {
        return held(*rows, crew, start, {coefficient});
      };
      const Path path(summit_, which[tasks[number]] - 1);
      Profile profile(*rows, path, fit);
      visit(tasks[number], path, profile);
      excess[number] = profile.excess();
    };
    const bool finished = parallel_for(count, by_rows ? 1 : problem_->threads(), work, ask);
    if (!finished || stop) throw Interrupted();
    if (count > 0) see(excess.maxCoeff());
  }

  double scale(int coefficient) const { return scale_[coefficient - 1]; }
  const Vector& scales() const { return scale_; }
  double unit() const { return problem_->unit(); }
  double estimate(int coefficient) const { return summit_.beta()[coefficient - 1]; }
  const Summit& summit() const { return summit_; }

  // By how much the deviance was somewhere below the fit's.
  double better() const { return 2.0 * unit() * (climbed_ + excess_); }

  // What standard errors are made of.
  Information information(const Vector& beta) {
    Moments moments = all_rows_->evaluate(beta, Order::information, Curvature::expected);
    const Matrix own_coordinates;
    if (!penalty_->adjusts_score()) {
      penalty_->apply(beta, {own_coordinates, summit_.aliased()}, *all_rows_, moments);
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

  static std::vector<Index> missing(const Matrix& found) {
    std::vector<Index> rows;
    for (Index i = 0; i < found.rows(); ++i) {
      if (found.row(i).hasNaN()) rows.push_back(i);
    }
    return rows;
  }

  void see(double excess) { excess_ = std::max(excess_, excess); }

  Vector in_scale(const Rcpp::NumericVector& coefficients) const {
    Vector beta(coefficients.size());
    for (Index j = 0; j < beta.size(); ++j) {
      beta[j] = Rcpp::NumericVector::is_na(coefficients[j]) ? 0.0 : coefficients[j] / scale_[j];
    }
    return beta;
  }

  // By column; with many classes the same for all of them.
  std::vector<bool> aliased(const Rcpp::NumericVector& coefficients) const {
    std::vector<bool> aliased(problem_->columns());
    for (Index j = 0; j < problem_->columns(); ++j) {
      aliased[j] = Rcpp::NumericVector::is_na(coefficients[j]);
    }
    return aliased;
  }

  // A fit may have stopped before the last digits: of separated data, it has to.
  void climb() {
    constexpr double kLevel = 1e-11;  // of the deviance
    constexpr int kMost = 20;
    const double loglik = summit_.loglik();
    const bool possible = !problem_->family().bounded() && penalty_->has_value();
    for (int i = 0; i < kMost && possible && !(summit_.promise() <= kLevel); ++i) {
      Held higher = held(*all_rows_, problem_->all_threads(), summit_.beta(), {});
      if (!(higher.loglik > summit_.loglik())) break;
      summit_ = Summit(*all_rows_, *penalty_, std::move(higher.beta), summit_.aliased());
    }
    climbed_ = summit_.loglik() - loglik;
  }

  // The fit with some coefficients held where they start.
  Held held(Evaluator& rows,
            const Crew& crew,
            const Vector& start,
            const std::vector<Index>& coefficients) const {
    Control control;
    control.maxit = 100;
    control.bounded = problem_->family().bounded();
    control.aliased = summit_.aliased();
    control.fixed.resize(start.size());
    for (const Index j : coefficients) control.fixed[j] = true;
    Result result = Maximiser(rows, problem_->columns(), *penalty_, control).run(start);
    if (result.status == Status::infeasible) return {};
    if (result.cut) {
      result = problem_->from_inside(rows, *penalty_, control, crew, start, std::move(result));
    }
    const bool sure = result.status == Status::converged || result.status == Status::boundary;
    return {true, std::move(result.beta), result.loglik + result.penalty, sure};
  }

  std::unique_ptr<Problem> problem_;
  std::unique_ptr<Penalty> penalty_;
  std::unique_ptr<Evaluator> all_rows_;
  Vector scale_;
  Summit summit_;
  double climbed_ = 0.0;  // from the fit to the summit
  double excess_ = 0.0;   // of some point over the summit
};

}  // namespace fastlogit
