#include <numeric>

#include "profiles.h"

using namespace fastlogit;

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
    Matrix bounds = profiles.ends(which, quantile / std::sqrt(profiles.unit()));
    for (R_xlen_t i = 0; i < which.size(); ++i) {
      const double estimate = profiles.estimate(which[i]);
      bounds(i, 0) = (estimate - bounds(i, 0)) * profiles.scale(which[i]);
      bounds(i, 1) = (estimate + bounds(i, 1)) * profiles.scale(which[i]);
    }
    return Rcpp::List::create(Rcpp::Named("bounds") = bounds,
                              Rcpp::Named("better") = profiles.better());
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
    std::vector<Index> tasks(which.size());
    std::iota(tasks.begin(), tasks.end(), Index(0));
    profiles.each(which, tasks, [&](Index task, const Path& path, Profile& profile) {
      Curve& curve = curves[task];
      curve.beta.resize(coefficients.size(), 0);
      for (const double side : {-1.0, 1.0}) {
        const double step = side * steps[task] / profiles.scale(which[task]);
        for (const Held& held : profile.grid(step, quantile / root_unit, most)) {
          curve.root.push_back(side * root_unit * path.root(held.loglik));
          curve.beta.conservativeResize(Eigen::NoChange, curve.beta.cols() + 1);
          curve.beta.rightCols(1) = profiles.scales().cwiseProduct(held.beta);
        }
      }
    });
    Rcpp::List out(which.size());
    for (R_xlen_t task = 0; task < which.size(); ++task) {
      out[task] = Rcpp::List::create(Rcpp::Named("root") = curves[task].root,
                                     Rcpp::Named("coefficients") = curves[task].beta);
    }
    return Rcpp::List::create(Rcpp::Named("curves") = out,
                              Rcpp::Named("better") = profiles.better());
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
    const Vector falls = profiles.falls_at_zero(single);
    for (Index i = 0; i < falls.size(); ++i) fall[place[i]] = falls[i];
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
      const double change = column.dot(above.times(column) - below.times(column)) / (2.0 * kStep);
      const double variance = column[j];
      slopes[task] = (1.0 + 0.5 * estimate * change / variance) *
                     std::sqrt(profiles.unit() / variance) / profiles.scale(which[task]);
    }
    return Rcpp::wrap(slopes);
  });
}
