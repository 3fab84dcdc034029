// Matched sets: given how many rows of a set are cases, which ones are (Breslow & Day 1980;
// Andersen 1970; McFadden 1974, where it is one of several choices). A set is a row of its sum:
// rows of a block are grouped by set, and no block has a part of one.
//
// The log-likelihood and its derivatives in the linear predictors are the family's matter. The
// information is that of the numbers of cases and the columns together, and no sum over rows: see
// sums/set_rows.h.
#pragma once

#include <algorithm>
#include <vector>

#include "family.h"
#include "set_paths.h"

namespace fastlogit {

// The sets of some rows, one after another.
class SetRows {
 public:
  SetRows(const Response& response, Index rows) : response_(response), rows_(rows) {}

  // visit(set) for those whose rows differ and that have a weight.
  template <typename Visit>
  void for_each(const Visit& visit) {
    for (Index begin = 0, end = 0; begin < rows_; begin = end) {
      while (end < rows_ && response_.set[end] == response_.set[begin]) ++end;
      weight_ = response_.weight ? response_.weight[begin] : 1.0;
      if (weight_ > 0.0 && take(begin, end)) visit(*this);
    }
  }

  double weight() const { return weight_; }
  Index size() const { return static_cast<Index>(order_.size()); }
  Index cases() const { return cases_; }

  // The m-th row, the cases first.
  Index row(Index m) const { return order_[m]; }

  // Is one row the only one of its kind? Then the likelihood is a softmax, of the negative
  // predictors where that is the one that is no case.
  bool has_single() const { return cases_ == 1 || cases_ + 1 == size(); }

  // Their linear predictors.
  const double* take_from(const ConstMatrixRef& eta, double scale) {
    values_.resize(order_.size());
    for (std::size_t m = 0; m < order_.size(); ++m) values_[m] = scale * eta(order_[m], 0);
    return values_.data();
  }

 private:
  bool take(Index begin, Index end) {
    order_.resize(end - begin);
    if (end - begin == 2) {
      const bool first = response_.y[begin] > 0.0;
      order_[0] = first ? begin : begin + 1;
      order_[1] = first ? begin + 1 : begin;
      cases_ = 1;
      return first != (response_.y[begin + 1] > 0.0);
    }
    cases_ = 0;
    for (Index row = begin; row < end; ++row) {
      if (response_.y[row] > 0.0) order_[cases_++] = row;
    }
    Index next = cases_;
    for (Index row = begin; row < end; ++row) {
      if (!(response_.y[row] > 0.0)) order_[next++] = row;
    }
    return cases_ > 0 && cases_ < size();
  }

  const Response& response_;
  Index rows_;
  double weight_ = 1.0;
  Index cases_ = 0;
  std::vector<Index> order_;
  std::vector<double> values_;
};

// Sets with a single case, or with a single row that is none: the probability of each row, by the
// order of the set, to be the single one.
class SingleRow {
 public:
  // eta: as SetRows::take_from() has them. Returns the log-likelihood.
  double begin(const double* eta, const SetRows& set) {
    const Index size = set.size();
    const bool is_case = set.cases() == 1;
    sign_ = is_case ? 1.0 : -1.0;
    single_ = is_case ? 0 : size - 1;
    yes_.resize(size);
    double largest = sign_ * eta[0];
    for (Index m = 1; m < size; ++m) largest = std::max(largest, sign_ * eta[m]);
    double others = 0.0;
    for (Index m = 0; m < size; ++m) {
      yes_[m] = std::exp(sign_ * eta[m] - largest);
      if (m != single_) others += yes_[m];
    }
    const double total = others + yes_[single_];
    const double odds = others / yes_[single_];
    for (double& yes : yes_) yes /= total;
    no_ = others / total;
    if (odds < kFarAway) return -std::log1p(odds);
    return sign_ * eta[single_] - largest - std::log(total);
  }

  // Of row m to be the single one, and not to be; what is observed less expected, as a case.
  double yes(Index m) const { return yes_[m]; }
  double no(Index m) const { return m == single_ ? no_ : 1.0 - yes_[m]; }
  double residual(Index m) const { return sign_ * (m == single_ ? no_ : -yes_[m]); }

 private:
  // From here on the odds may not be a number.
  static constexpr double kFarAway = 1e300;

  double sign_ = 1.0;
  Index single_ = 0;
  double no_ = 0.0;
  std::vector<double> yes_;
};

// Of the m-th row: 1 if it is a case, less the probability that it is. taken, left: see
// SetPaths::backward().
inline double observed_less(
    const SetRows& set, const SetPaths& paths, Index m, double taken, double left) {
  const bool is_one = (m < set.cases()) != paths.is_turned();
  const double less = is_one ? left : -taken;
  return paths.is_turned() ? -less : less;
}

class ConditionalFamily final : public Family {
 public:
  Index predictors() const override { return 1; }
  bool canonical() const override { return true; }
  double set_scale() const override { return 1.0; }

  // weight: the variances of the rows' outcomes, of which the information is made only where a set
  // has no covariances.
  double evaluate(const ConstMatrixRef& eta,
                  const Response& response,
                  Order order,
                  Curvature,
                  MatrixRef residual,
                  MatrixRef weight) const override {
    if (order >= Order::gradient) residual.setZero();
    if (order >= Order::information) weight.setZero();
    double loglik = 0.0;
    SetPaths paths;
    SingleRow single;
    SetRows(response, eta.rows()).for_each([&](SetRows& set) {
      const double w = set.weight();
      if (set.has_single()) {
        loglik += w * single.begin(set.take_from(eta, 1.0), set);
        if (order < Order::gradient) return;
        for (Index m = 0; m < set.size(); ++m) {
          residual(set.row(m), 0) = w * single.residual(m);
          if (order >= Order::information) {
            weight(set.row(m), 0) = w * single.yes(m) * single.no(m);
          }
        }
        return;
      }
      paths.begin(set.take_from(eta, 1.0), set.size(), set.cases());
      loglik += w * paths.forward(order >= Order::gradient);
      if (order < Order::gradient) return;
      paths.backward([&](Index m, double taken, double left) {
        const Index row = set.row(m);
        residual(row, 0) = w * observed_less(set, paths, m, taken, left);
        if (order >= Order::information) weight(row, 0) = w * taken * left;
      });
    });
    return loglik;
  }

  // directions: one column for each. By the moments of a mixture, along the paths.
  void add_third_order(const ConstMatrixRef& eta,
                       const Response& response,
                       const ConstMatrixRef& directions,
                       VectorRef sums) const override {
    SetPaths paths;
    std::vector<double> mean, variance, third;
    SetRows(response, eta.rows()).for_each([&](SetRows& set) {
      paths.begin(set.take_from(eta, 1.0), set.size(), set.cases());
      paths.forward(true);
      const Index d = paths.cases();
      const double sign = paths.is_turned() ? -1.0 : 1.0;
      for (Index j = 0; j < directions.cols(); ++j) {
        for (auto* moment : {&mean, &variance, &third}) moment->assign(d + 1, 0.0);
        const double base = directions(set.row(0), j);
        paths.each_step([&](Index m, const SetPaths::Step& step) {
          const double x = directions(set.row(m), j) - base;
          for (Index k = step.last; k >= step.first; --k) {
            const double a = step.a[k];
            const double b = step.stay[k];
            const double delta = mean[k - 1] + x - mean[k];
            third[k] =
                b * third[k] + a * third[k - 1] +
                a * b * delta * (3.0 * (variance[k - 1] - variance[k]) + (b - a) * delta * delta);
            variance[k] = b * variance[k] + a * variance[k - 1] + a * b * delta * delta;
            mean[k] += a * delta;
          }
        });
        sums[j] -= 2.0 / 3.0 * sign * set.weight() * third[d];
      }
    });
  }
};

}  // namespace fastlogit
