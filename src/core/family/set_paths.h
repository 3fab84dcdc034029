// The conditional likelihood of a matched set: of its rows d are cases, and the likelihood is the
// probability that these d are those that were observed, P(S) = prod_S w / e(d, n), where w =
// exp(eta) and e(d, n) is the elementary symmetric function (Gail, Lubin & Rubinstein 1981).
//
// Rows are taken one after another, and a set is a path: at (k, m), k of the first m rows are
// cases. Given that, row m is one with the probability
//   a(k, m) = w_m e(k - 1, m - 1) / e(k, m),
// and a path that ends at (d, n) runs through (k, m) with a probability that is found on the way
// back. Both are sums of positive terms: with the ratios r(k, m) = e(k, m) / e(k - 1, m) nothing
// overflows and nothing cancels,
//   a = w / (r + w),   r(k, m) = (r(k, m - 1) + w) (1 - a(k - 1, m)).
// With the observed cases first, -log P is the sum of log(1 + w / r(d, m - 1)) over the others.
//
// There are d (n - d) nodes that count. The ratios are kept at some rows only, from which those
// between are found again: memory grows with the root of the number of rows.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "../types.h"

namespace fastlogit {

class SetPaths {
 public:
  // What a step has of each k = first, ..., last: whether row m is a case.
  struct Step {
    Index first;
    Index last;
    const double* a;     // by k
    const double* stay;  // 1 - a, with digits of its own
    const double* node;  // the probability of (k, m); null where it was not asked for
  };

  // eta: of the rows of the set, the cases first. Where these are the majority the others take
  // their place, which turns all signs: is_turned().
  void begin(const double* eta, Index rows, Index cases) {
    rows_ = rows;
    turned_ = 2 * cases > rows;
    cases_ = turned_ ? rows - cases : cases;
    eta_.resize(rows);
    for (Index m = 0; m < rows; ++m) eta_[m] = turned_ ? -eta[source(m)] : eta[m];
    const auto range = std::minmax_element(eta_.begin(), eta_.end());
    const double largest = *range.second;
    in_logs_ = !(largest - *range.first < kWidest);
    for (double& value : eta_) value = in_logs_ ? value - largest : std::exp(value - largest);
    const bool small = rows * cases_ < kWorthStates;
    period_ = small ? rows : static_cast<Index>(std::sqrt(static_cast<double>(rows))) + 1;
    periods_ = (rows + period_ - 1) / period_;
  }

  // Which of the rows is the one that is taken m-th.
  Index source(Index m) const { return turned_ ? rows_ - 1 - m : m; }

  bool is_turned() const { return turned_; }
  Index cases() const { return cases_; }
  Index rows() const { return rows_; }

  // The way there: the log-likelihood. keep: for the way back.
  double forward(bool keep) {
    ratio_.assign(cases_ + 1, 0.0);
    if (in_logs_) std::fill(ratio_.begin(), ratio_.end(), -kInfinity);
    ratio_[0] = kInfinity;
    a_.resize(keep ? period_ * (cases_ + 1) : cases_ + 1);
    stay_.resize(a_.size());
    states_.resize(keep ? periods_ * (cases_ + 1) : 0);
    LogOfProduct denominator;  // of the probability, over that of the observed cases alone
    for (Index m = 0; m < rows_; ++m) {
      if (keep && m % period_ == 0) {
        std::copy(ratio_.begin(), ratio_.end(), states_.begin() + m / period_ * (cases_ + 1));
      }
      if (m >= cases_) denominator.multiply(eta_[m], ratio_[cases_], in_logs_);
      take(m, keep && periods_ == 1 ? in_period(m) : 0);
    }
    return -denominator.value();
  }

  // The way back: visit(source(m), the probability that the row is a case, and that it is not).
  // After forward(true).
  template <typename Visit>
  void backward(const Visit& visit) {
    node_.assign(cases_ + 1, 0.0);
    node_[cases_] = 1.0;
    if (periods_ == 1) nodes_.resize(period_ * (cases_ + 1));
    ends_.resize(periods_ * (cases_ + 1));
    for (Index period = periods_ - 1; period >= 0; --period) {
      std::copy(node_.begin(), node_.end(), ends_.begin() + period * (cases_ + 1));
      if (periods_ > 1) take_again(period);
      for (Index m = last_of(period); m >= period * period_; --m) {
        if (periods_ == 1) std::copy(node_.begin(), node_.end(), nodes_.begin() + in_period(m));
        const Taken row = step_back(m);
        visit(source(m), row.yes, row.no);
      }
    }
  }

  // Once more from the first row to the last, visit(source(m), Step). After backward().
  template <typename Visit>
  void again(const Visit& visit) {
    if (periods_ == 1) {
      for (Index m = 0; m < rows_; ++m) visit(source(m), step(m, nodes_.data() + in_period(m)));
      return;
    }
    nodes_.resize(period_ * (cases_ + 1));
    for (Index period = 0; period < periods_; ++period) {
      take_again(period);
      const auto end = ends_.begin() + period * (cases_ + 1);
      node_.assign(end, end + cases_ + 1);
      for (Index m = last_of(period); m >= period * period_; --m) {
        std::copy(node_.begin(), node_.end(), nodes_.begin() + in_period(m));
        step_back(m);
      }
      for (Index m = period * period_; m <= last_of(period); ++m) {
        visit(source(m), step(m, nodes_.data() + in_period(m)));
      }
    }
  }

  // The same without the probabilities of the nodes, and after forward(true) alone.
  template <typename Visit>
  void each_step(const Visit& visit) {
    for (Index period = 0; period < periods_; ++period) {
      if (periods_ > 1) take_again(period);
      for (Index m = period * period_; m <= last_of(period); ++m) {
        visit(source(m), step(m, nullptr));
      }
    }
  }

 private:
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();

  // Logarithms of 1 + odds take longer than all else: large ones are multiplied first; small ones
  // have digits of their own.
  class LogOfProduct {
   public:
    void multiply(double w, double ratio, bool in_logs) {
      if (in_logs) {
        sum_ += softplus(w - ratio);
        return;
      }
      const double odds = w / ratio;
      if (odds < kSmall || odds > kLarge) {
        sum_ += std::log1p(odds);
        return;
      }
      product_ *= 1.0 + odds;
      if (product_ < kLarge) return;
      sum_ += std::log(product_);
      product_ = 1.0;
    }

    double value() const { return sum_ + std::log(product_); }

   private:
    static constexpr double kSmall = 0.1;
    static constexpr double kLarge = 1e100;

    double sum_ = 0.0;
    double product_ = 1.0;
  };

  // Within this range of linear predictors their exponentials and the ratios are normal numbers.
  static constexpr double kWidest = 600.0;

  // Below this many nodes all of them are kept.
  static constexpr Index kWorthStates = Index{1} << 16;

  // The numbers of cases among the rows as far as m from which `cases` can be reached.
  Index first(Index m) const { return std::max<Index>(1, cases_ - (rows_ - 1 - m)); }
  Index last(Index m) const { return std::min(m + 1, cases_); }

  Index last_of(Index period) const { return std::min(rows_, (period + 1) * period_) - 1; }
  Index in_period(Index m) const { return m % period_ * (cases_ + 1); }

  Step step(Index m, const double* node) const {
    const Index at = in_period(m);
    return {first(m), last(m), a_.data() + at, stay_.data() + at, node};
  }

  static double softplus(double x) {
    return x > 0.0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
  }

  // From m - 1 to m; ratio_ is that of m - 1 before, and of m afterwards. at: where the step goes.
  void take(Index m, Index at) {
    if (in_logs_) return take_in_logs(m, at);
    const double w = eta_[m];
    const Index from = first(m);
    double before = 1.0;  // 1 - a of k - 1
    if (from > 1) before = ratio_[from - 1] / (ratio_[from - 1] + w);
    for (Index k = from; k <= last(m); ++k) {
      const double sum = ratio_[k] + w;
      const double inverse = 1.0 / sum;
      a_[at + k] = w * inverse;
      stay_[at + k] = ratio_[k] * inverse;
      ratio_[k] = sum * before;
      before = stay_[at + k];
    }
  }

  void take_in_logs(Index m, Index at) {
    const double eta = eta_[m];
    const Index from = first(m);
    double before = from > 1 ? -softplus(eta - ratio_[from - 1]) : 0.0;
    for (Index k = from; k <= last(m); ++k) {
      const double ahead = ratio_[k] - eta;
      const double stays = -softplus(-ahead);
      a_[at + k] = std::exp(-softplus(ahead));
      stay_[at + k] = std::exp(stays);
      ratio_[k] = eta + softplus(ahead) + before;
      before = stays;
    }
  }

  void take_again(Index period) {
    const auto state = states_.begin() + period * (cases_ + 1);
    std::copy(state, state + cases_ + 1, ratio_.begin());
    for (Index m = period * period_; m <= last_of(period); ++m) take(m, in_period(m));
  }

  // The probability of a row to be a case, and not to be one.
  struct Taken {
    double yes;
    double no;
  };

  // From the nodes of m to those of m - 1.
  Taken step_back(Index m) {
    const Index at = in_period(m);
    double below = node_[0];  // what comes to k - 1 from where row m is none
    Taken row{0.0, below};
    for (Index k = first(m); k <= last(m); ++k) {
      const double taken = node_[k] * a_[at + k];
      row.yes += taken;
      node_[k - 1] = below + taken;
      below = node_[k] * stay_[at + k];
      row.no += below;
      if (below < kNothing) below = 0.0;  // subnormal numbers take a hundred times as long
    }
    node_[last(m)] = below;
    return row;
  }

  static constexpr double kNothing = 1e-290;

  Index rows_ = 0;
  Index cases_ = 0;
  bool turned_ = false;
  bool in_logs_ = false;
  Index period_ = 0;
  Index periods_ = 0;
  std::vector<double> eta_;     // w, or eta where these have to be in logs
  std::vector<double> ratio_;   // by k; its log
  std::vector<double> states_;  // the ratios before the first row of each period
  std::vector<double> a_;       // of a period
  std::vector<double> stay_;
  std::vector<double> node_;
  std::vector<double> ends_;  // the nodes of the last row of each period
  std::vector<double> nodes_;
};

}  // namespace fastlogit
