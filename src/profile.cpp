// Profiles of the likelihood, and fits with some coefficients held.
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "core/fit/profiles.h"
#include "core/fit/wald.h"
#include "r_problem.h"

using namespace fastlogit;

namespace {

std::vector<int> numbers_from(const Rcpp::IntegerVector& which) {
  return {which.begin(), which.end()};
}

// better: by how much the deviance was somewhere below the fit's. coefficients: the better solution
// that a restart is to begin with, NULL where there is none that is better than the one in use.
Rcpp::List with_better(const char* name, const Rcpp::RObject& found, const Profiles& profiles) {
  constexpr double kWorthwhile = 1e-7;  // of the deviance
  Rcpp::RObject coefficients = R_NilValue;
  if (profiles.missed() > kWorthwhile) {
    const Vector better = profiles.better_solution();
    coefficients = to_r(Vector(profiles.scale().cwiseProduct(better)));
  }
  return Rcpp::List::create(Rcpp::Named(name) = found,
                            Rcpp::Named("better") = profiles.better(),
                            Rcpp::Named("coefficients") = coefficients);
}

}  // namespace

// The ends of the profile intervals: `bounds`, one row for each of `which`, where the root of the
// fall of the deviance is `quantile`, NaN where that is in doubt.
// [[Rcpp::export(rng = false)]]
Rcpp::List profile_ends_impl(const Rcpp::List& rows,
                             const Rcpp::NumericVector& coefficients,
                             const Rcpp::IntegerVector& which,
                             double quantile) {
  return interruptibly([&] {
    Profiles profiles(problem_from(rows), vector_from(coefficients));
    Matrix bounds = profiles.ends(numbers_from(which), quantile / std::sqrt(profiles.unit()));
    for (R_xlen_t i = 0; i < which.size(); ++i) {
      const double estimate = profiles.estimate(which[i]);
      bounds(i, 0) = (estimate - bounds(i, 0)) * profiles.scale(which[i]);
      bounds(i, 1) = (estimate + bounds(i, 1)) * profiles.scale(which[i]);
    }
    return with_better("bounds", to_r(bounds), profiles);
  });
}

// The end on a side (1, -1) of the interval of a coefficient whose estimate is infinite on the
// other side. loglik: the least upper bound of the log-likelihood, relative to the saturated model.
// [[Rcpp::export(rng = false)]]
double profile_limit_impl(const Rcpp::List& rows,
                          const Rcpp::NumericVector& coefficients,
                          int which,
                          double side,
                          double quantile,
                          double loglik) {
  return interruptibly([&] {
    const HeldProblem held(problem_from(rows), vector_from(coefficients));
    const Execution execution = held.problem().all_threads();
    const std::unique_ptr<Evaluator> all = held.evaluator(execution);
    const double unit = held.problem().unit();
    const double end = end_of_limit(held.fits(*all, execution),
                                    held.start(),
                                    which - 1,
                                    side,
                                    loglik / unit,
                                    quantile / std::sqrt(unit));
    return end * held.scale()[which - 1];
  });
}

// The maximum of the log-likelihood with some coefficients held at zero, relative to the saturated
// model, as `loglik`, -Inf where no coefficients are in the link's domain; and whether it is known,
// as `sure`.
// [[Rcpp::export(rng = false)]]
Rcpp::List held_at_zero_impl(const Rcpp::List& rows,
                             const Rcpp::NumericVector& coefficients,
                             const Rcpp::IntegerVector& group) {
  return interruptibly([&] {
    const HeldProblem held(problem_from(rows), vector_from(coefficients));
    const Execution execution = held.problem().all_threads();
    const std::unique_ptr<Evaluator> all = held.evaluator(execution);
    std::vector<Index> coefficients_held;
    Vector start = held.start();
    for (const int j : group) {
      coefficients_held.push_back(j - 1);
      start[j - 1] = 0.0;
    }
    const Held zero = held.fits(*all, execution).fit(start, coefficients_held);
    return Rcpp::List::create(
        Rcpp::Named("loglik") = zero.loglik * held.problem().unit(),
        Rcpp::Named("sure") = zero.found ? zero.sure : held.problem().family().bounded(),
        Rcpp::Named("coefficients") =
            to_r(Vector(zero.found ? held.scale().cwiseProduct(zero.beta) : Vector())));
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
    Profiles profiles(problem_from(rows), vector_from(coefficients));
    const double root_unit = std::sqrt(profiles.unit());
    struct Curve {
      std::vector<double> root;
      Matrix beta;
    };
    std::vector<Curve> curves(which.size());
    std::vector<Index> tasks(which.size());
    std::iota(tasks.begin(), tasks.end(), Index(0));
    profiles.each(
        numbers_from(which), tasks, [&](Index task, const ProfileTrace& trace, Profile& profile) {
          Curve& curve = curves[task];
          curve.beta.resize(coefficients.size(), 0);
          for (const double side : {-1.0, 1.0}) {
            const double step = side * steps[task] / profiles.scale(which[task]);
            for (const Held& held : profile.grid(step, quantile / root_unit, most)) {
              curve.root.push_back(side * root_unit * trace.root(held.loglik));
              curve.beta.conservativeResize(Eigen::NoChange, curve.beta.cols() + 1);
              curve.beta.rightCols(1) = profiles.scale().cwiseProduct(held.beta);
            }
          }
        });
    Rcpp::List out(which.size());
    for (R_xlen_t task = 0; task < which.size(); ++task) {
      out[task] = Rcpp::List::create(Rcpp::Named("root") = curves[task].root,
                                     Rcpp::Named("coefficients") = to_r(curves[task].beta));
    }
    return with_better("curves", out, profiles);
  });
}

// Groups of coefficients held at zero, one group after another: `loglik`, the maximum of the
// (penalised) log-likelihood, -Inf where it is not finite, and `sure`, whether it is known; `top`,
// that without. All are relative to the saturated model.
// [[Rcpp::export(rng = false)]]
Rcpp::List profile_zero_impl(const Rcpp::List& rows,
                             const Rcpp::NumericVector& coefficients,
                             const Rcpp::List& groups) {
  return interruptibly([&] {
    Profiles profiles(problem_from(rows), vector_from(coefficients));
    Rcpp::NumericVector loglik(groups.size());
    Rcpp::LogicalVector sure(groups.size());
    const auto put = [&](int place, const Held& held) {
      loglik[place] = held.loglik * profiles.unit();
      sure[place] = held.found ? held.sure : profiles.problem().family().bounded();
    };
    std::vector<int> single, place;
    for (int i = 0; i < groups.size(); ++i) {
      const Rcpp::IntegerVector group = groups[i];
      if (group.size() == 1) {
        single.push_back(group[0]);
        place.push_back(i);
      } else {
        put(i, profiles.all_at_zero(numbers_from(group)));
      }
    }
    const std::vector<Held> zero = profiles.at_zero(single);
    for (size_t i = 0; i < zero.size(); ++i) put(place[i], zero[i]);
    Rcpp::List out = with_better("loglik", loglik, profiles);
    out.push_back(sure, "sure");
    out.push_back(profiles.maximum().loglik() * profiles.unit(), "top");
    return out;
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
    Profiles profiles(problem_from(rows), vector_from(coefficients));
    return to_r(wald_slopes(profiles, numbers_from(which), least));
  });
}
