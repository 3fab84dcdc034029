// Links by blocks of rows.
#pragma once

#include "../linalg/softplus.h"
#include "link.h"

namespace fastlogit {

// A link at the linear predictors of a block of rows, one after another; the logit computes what
// costs most for all of them at once.
template <class Link>
class LinkBlock {
 public:
  LinkBlock(const Link&, const double* eta, Index, const double*, int) : eta_(eta) {}

  bool contains(const Index i) const { return Link::contains(eta_[i]); }

  template <int derivatives>
  LinkPoint at(const Index i) const {
    return Link::template at<derivatives>(eta_[i]);
  }

 private:
  const double* eta_;
};

template <>
class LinkBlock<LogitLink> {
 public:
  LinkBlock(const LogitLink&, const double* eta, const Index rows, const double*, int)
      : eta_(eta), odds_(rows), log_total_(rows) {
    softplus(eta, rows, odds_.data(), log_total_.data());
  }

  static constexpr bool contains(Index) { return true; }

  template <int derivatives>
  LinkPoint at(const Index i) const {
    return LogitLink::from(eta_[i], odds_[i], log_total_[i]);
  }

 private:
  const double* eta_;
  Vector odds_;
  Vector log_total_;
};

}  // namespace fastlogit
