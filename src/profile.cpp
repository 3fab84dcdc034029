#include "core/solver/profile.h"

#include <atomic>

#include "core/family/registry.h"
#include "problem.h"

using namespace fastlogit;

namespace {

// A fit and the profiles of its coefficients. `rows`: list(design = , response = , model = list(
// family = , predictors = ), threads = ). Coefficients are NA where they are aliased, and are
// counted from 1.
class Profiles {
 public:
  Profiles(const Rcpp::List& rows, const Rcpp::NumericVector& coefficients)
      : model_(rows["model"]),
        problem_(rows["design"],
                 rows["response"],
                 Rcpp::as<int>(model_["predictors"]),
                 threads_from(rows["threads"])),
        family_(make_family(Rcpp::as<std::string>(model_["family"]),
                            Rcpp::as<int>(model_["predictors"]))),
        all_rows_(problem_.rows(*family_, problem_.responses())),
        scale_(problem_.design.scale.replicate(family_->predictors(), 1)),
        summit_(all_rows_, penalty_, in_scale(coefficients), aliased(coefficients)) {
    climb();
  }

  // visit(task, profile) for the coefficients which[task].
  template <typename Visit>
  void each(const Rcpp::IntegerVector& which, const Visit& visit) {
    const Index tasks = which.size();
    // Coefficients in parallel do not wait for each other; where they are too few, rows are.
    const bool by_rows = tasks < problem_.threads;
    std::atomic<bool> stop{false};
    UserInterrupt interrupted;
    const Heartbeat ask = [&] {
      if (interrupted()) stop = true;
      return stop.load();
    };
    const Heartbeat listen = [&] { return stop.load(); };
    const auto task = [&](Index number, int worker) {
      const Crew crew{by_rows ? problem_.threads : 1, worker == 0 ? ask : listen};
      MemoryEvaluator rows = problem_.rows_by(crew, *family_, problem_.responses());
      const HeldFit fit = [&](const Vector& start, const std::vector<bool>& fixed) {
        return fit_held(rows, crew, start, fixed);
      };
      Profile profile(rows, penalty_, summit_, which[number] - 1, fit);
      visit(number, profile);
    };
    const bool finished = parallel_for(tasks, by_rows ? 1 : problem_.threads, task, ask);
    if (!finished || stop) throw Interrupted();
  }

  double scale(int coefficient) const { return scale_[coefficient - 1]; }
  const Vector& scales() const { return scale_; }
  // By how much the deviance was somewhere below the fit's.
  double better(const Vector& excess) const {
    return 2.0 * unit() * (excess_ + (excess.size() ? excess.maxCoeff() : 0.0));
  }

  double unit() const { return problem_.response.unit; }
  double estimate(int coefficient) const { return summit_.beta()[coefficient - 1]; }
  const Summit& summit() const { return summit_; }
  MemoryEvaluator& rows() { return all_rows_; }

 private:
  Vector in_scale(const Rcpp::NumericVector& coefficients) const {
    Vector beta(coefficients.size());
    for (Index j = 0; j < beta.size(); ++j) {
      beta[j] = Rcpp::NumericVector::is_na(coefficients[j]) ? 0.0 : coefficients[j] / scale_[j];
    }
    return beta;
  }

  static std::vector<bool> aliased(const Rcpp::NumericVector& coefficients) {
    std::vector<bool> aliased(coefficients.size());
    for (R_xlen_t j = 0; j < coefficients.size(); ++j) {
      aliased[j] = Rcpp::NumericVector::is_na(coefficients[j]);
    }
    return aliased;
  }

  // A fit may have stopped before the last digits: of separated data, it has to.
  void climb() {
    constexpr double kLevel = 1e-11;  // of the deviance
    constexpr int kMost = 20;
    const double loglik = summit_.loglik();
    for (int i = 0; i < kMost && !family_->bounded() && !(summit_.promise() <= kLevel); ++i) {
      Result result =
          fit_held(all_rows_, problem_.all_threads(), summit_.beta(), summit_.left_out());
      if (!(result.loglik > summit_.loglik())) break;
      summit_ = Summit(all_rows_, penalty_, std::move(result.beta), summit_.left_out());
    }
    excess_ = summit_.loglik() - loglik;
  }

  Result fit_held(MemoryEvaluator& rows,
                  const Crew& crew,
                  const Vector& start,
                  const std::vector<bool>& fixed) const {
    Control control;
    control.maxit = 100;
    control.bounded = family_->bounded();
    control.fixed = fixed;
    control.alias_tolerance = 0.0;  // what is aliased is fixed
    Result result = Maximiser(rows, problem_.columns(), penalty_, control).run(start);
    if (!result.cut) return result;
    return problem_.from_inside(*family_, rows, penalty_, control, crew, start, std::move(result));
  }

  Rcpp::List model_;
  Problem problem_;
  std::unique_ptr<Family> family_;
  NoPenalty penalty_;
  MemoryEvaluator all_rows_;
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

// By how much the deviance rises when each of `which` is zero.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector profile_zero_impl(const Rcpp::List& rows,
                                      const Rcpp::NumericVector& coefficients,
                                      const Rcpp::IntegerVector& which) {
  return interruptibly([&] {
    Profiles profiles(rows, coefficients);
    Vector rise(which.size());
    profiles.each(which, [&](Index task, Profile& profile) {
      const Held held = profile.at(0.0);
      rise[task] = held.found ? std::pow(profile.root(held.loglik), 2) * profiles.unit() : R_PosInf;
    });
    return Rcpp::wrap(rise);
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
    const auto information = [&](const Vector& beta) {
      return profiles.rows().evaluate(beta, Order::information, Curvature::expected).information;
    };
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
