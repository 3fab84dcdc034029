#include "core/solver/profile.h"

#include <atomic>

#include "problem.h"

using namespace fastlogit;

namespace {

// A fit and the profiles of its coefficients, which are NA where aliased, and counted from 1.
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

  // visit(task, profile) for the coefficients which[task].
  template <typename Visit>
  void each(const Rcpp::IntegerVector& which, const Visit& visit) {
    const Index tasks = which.size();
    // Coefficients in parallel do not wait for each other; where they are too few, rows are.
    const bool by_rows = tasks < problem_->threads() || !problem_->is_concurrent();
    std::atomic<bool> stop{false};
    UserInterrupt interrupted;
    const Heartbeat ask = [&] {
      if (interrupted()) stop = true;
      return stop.load();
    };
    const Heartbeat listen = [&] { return stop.load(); };
    const auto task = [&](Index number, int worker) {
      const Crew crew{by_rows ? problem_->threads() : 1, worker == 0 ? ask : listen};
      const std::unique_ptr<Evaluator> rows = problem_->evaluator(crew, problem_->likelihood());
      const HeldFit fit = [&](const Vector& start, Index coefficient) {
        return held(*rows, crew, start, {coefficient});
      };
      Profile profile(*rows, summit_, which[number] - 1, fit);
      visit(number, profile);
    };
    const bool finished = parallel_for(tasks, by_rows ? 1 : problem_->threads(), task, ask);
    if (!finished || stop) throw Interrupted();
  }

  // By how much twice the log-likelihood falls when coefficients are zero; Inf where there is none.
  double fall_at_zero(const Rcpp::IntegerVector& which) {
    std::vector<Index> coefficients;
    Vector start = summit_.beta();
    for (const int j : which) {
      coefficients.push_back(j - 1);
      start[j - 1] = 0.0;
    }
    const Held zero = held(*all_rows_, problem_->all_threads(), start, coefficients);
    if (!zero.found) return std::numeric_limits<double>::infinity();
    return 2.0 * std::max(0.0, summit_.loglik() - zero.loglik) * unit();
  }

  double scale(int coefficient) const { return scale_[coefficient - 1]; }
  const Vector& scales() const { return scale_; }
  // By how much the deviance was somewhere below the fit's.
  double better(const Vector& excess) const {
    return 2.0 * unit() * (excess_ + (excess.size() ? excess.maxCoeff() : 0.0));
  }

  double unit() const { return problem_->unit(); }
  double estimate(int coefficient) const { return summit_.beta()[coefficient - 1]; }
  const Summit& summit() const { return summit_; }
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
    excess_ = summit_.loglik() - loglik;
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
  double excess_ = 0.0;  // of the summit, over the fit
};

template <typename Action>
auto interruptibly(const Action& action) {
  try {
    return action();
  } catch (const Interrupted&) {
    throw Rcpp::internal::InterruptedException();
  }
}

}  // namespace

// The ends of the profile intervals: `bounds`, one row for each of `which`, where the root of the
// fall of the deviance is `quantile`; and by how much the deviance was below the fit's at some
// point (`better`).
// [[Rcpp::export(rng = false)]]
Rcpp::List profile_ends_impl(const Rcpp::List& rows,
                             const Rcpp::NumericVector& coefficients,
                             const Rcpp::IntegerVector& which,
                             double quantile) {
  return interruptibly([&] {
    Profiles profiles(rows, coefficients);
    Matrix bounds(which.size(), 2);
    Vector excess(which.size());
    profiles.each(which, [&](Index task, Profile& profile) {
      const Interval interval = profile.ends(quantile / std::sqrt(profiles.unit()));
      bounds(task, 0) = interval.lower * profiles.scale(which[task]);
      bounds(task, 1) = interval.upper * profiles.scale(which[task]);
      excess[task] = profile.excess();
    });
    return Rcpp::List::create(Rcpp::Named("bounds") = bounds,
                              Rcpp::Named("better") = profiles.better(excess));
  });
}

// The points of the profiles at 1, 2, ..., `most` times `steps` (one for each of `which`) below and
// above the estimate, as far as the first whose root of the deviance's fall is not below
// `quantile`. For each a list: `root`, signed, and `coefficients`, a column for each point.
// [[Rcpp::export(rng = false)]]
Rcpp::List profile_grid_impl(const Rcpp::List& rows,
                             const Rcpp::NumericVector& coefficients,
                             const Rcpp::IntegerVector& which,
                             const Rcpp::NumericVector& steps,
                             double quantile,
                             int most) {
  return interruptibly([&] {
    Profiles profiles(rows, coefficients);
    const double root_unit = std::sqrt(profiles.unit());
    struct Curve {
      std::vector<double> root;
      Matrix beta;
    };
    std::vector<Curve> curves(which.size());
    Vector excess(which.size());
    profiles.each(which, [&](Index task, Profile& profile) {
      Curve& curve = curves[task];
      curve.beta.resize(coefficients.size(), 0);
      for (const double side : {-1.0, 1.0}) {
        const double step = side * steps[task] / profiles.scale(which[task]);
        for (const Held& held : profile.grid(step, quantile / root_unit, most)) {
          curve.root.push_back(side * root_unit * profile.root(held.loglik));
          curve.beta.conservativeResize(Eigen::NoChange, curve.beta.cols() + 1);
          curve.beta.rightCols(1) = profiles.scales().cwiseProduct(held.beta);
        }
      }
      excess[task] = profile.excess();
    });
    Rcpp::List out(which.size());
    for (R_xlen_t task = 0; task < which.size(); ++task) {
      out[task] = Rcpp::List::create(Rcpp::Named("root") = curves[task].root,
                                     Rcpp::Named("coefficients") = curves[task].beta);
    }
    return Rcpp::List::create(Rcpp::Named("curves") = out,
                              Rcpp::Named("better") = profiles.better(excess));
  });
}

// By how much twice the (penalised) log-likelihood falls when all coefficients of a group are zero,
// for each of a list of groups.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector profile_zero_impl(const Rcpp::List& rows,
                                      const Rcpp::NumericVector& coefficients,
                                      const Rcpp::List& groups) {
  return interruptibly([&] {
    Profiles profiles(rows, coefficients);
    Rcpp::NumericVector fall(groups.size());
    Rcpp::IntegerVector single, place;
    for (int i = 0; i < groups.size(); ++i) {
      const Rcpp::IntegerVector group = groups[i];
      if (group.size() == 1) {
        single.push_back(group[0]);
        place.push_back(i);
      } else {
        fall[i] = profiles.fall_at_zero(group);
      }
    }
    double* const of_group = fall.begin();
    profiles.each(single, [&](Index task, Profile& profile) {
      const Held held = profile.at(0.0);
      of_group[place[task]] =
          held.found ? std::pow(profile.root(held.loglik), 2) * profiles.unit() : R_PosInf;
    });
    return fall;
  });
}

// The derivatives of Wald's statistics (estimate over standard error, by the expected information)
// in their coefficients, the others kept (Hauck & Donner 1977; Yee 2022), by central differences of
// the information. NaN for coefficients that are less than `least` in size, times the largest
// entry (or up to twice that) of their column.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector wald_slopes_impl(const Rcpp::List& rows,
                                     const Rcpp::NumericVector& coefficients,
                                     const Rcpp::IntegerVector& which,
                                     double least) {
  return interruptibly([&] {
    constexpr double kStep = 1e-4;  // of the linear predictor, at most
    Profiles profiles(rows, coefficients);
    const Summit& summit = profiles.summit();
    const auto information = [&](const Vector& beta) { return profiles.information(beta); };
    Vector slopes = Vector::Constant(which.size(), std::numeric_limits<double>::quiet_NaN());
    Cholesky factor;
    bool factorised = false;
    for (Index task = 0; task < slopes.size(); ++task) {
      const double estimate = profiles.estimate(which[task]);
      if (std::fabs(estimate) < least) continue;
      if (!factorised && !factor.compute(information(summit.beta()), summit.left_out())) break;
      factorised = true;
      const Index j = which[task] - 1;
      const Vector unit = Vector::Unit(summit.beta().size(), j);
      const Vector column = factor.solve(unit);
      const Information above = information(summit.beta() + kStep * unit);
      const Information below = information(summit.beta() - kStep * unit);
      const double change =
          (above.quadratic_form(column) - below.quadratic_form(column)) / (2.0 * kStep);
      const double variance = column[j];
      slopes[task] = (1.0 + 0.5 * estimate * change / variance) *
                     std::sqrt(profiles.unit() / variance) / profiles.scale(which[task]);
    }
    return Rcpp::wrap(slopes);
  });
}
