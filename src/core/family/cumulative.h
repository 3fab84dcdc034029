// Ordered classes by cumulative probabilities: P(y <= j) = F(eta_j), F the distribution function of
// a link (McCullagh 1980), from the predictors of the two cuts around a row's class. A row of class
// k has the log-likelihood log(F(eta_k) - F(eta_(k-1))), and costs what one of two classes does,
// however many there are.
#pragma once

#include <limits>
#include <memory>
#include <utility>

#include "cuts.h"
#include "family.h"
#include "interval.h"

namespace fastlogit {

template <class Link>
class CumulativeFamily final : public Family {
 public:
  explicit CumulativeFamily(std::shared_ptr<const Cuts> cuts) : cuts_(std::move(cuts)) {}

  Index predictors() const override { return 2; }
  const Cuts* cuts() const override { return cuts_.get(); }

  // The observed information is the only one that these two predictors tell, and it is definite;
  // where it need not be, the products of the scores take the place of the expected one.
  bool canonical() const override { return Link::concave; }
  bool concave() const override { return Link::concave; }

  double evaluate(const ConstMatrixRef& eta,
                  const Response& response,
                  Order order,
                  Curvature curvature,
                  MatrixRef residual,
                  MatrixRef weight) const override {
    const bool by_scores = curvature == Curvature::expected && !canonical();
    const IntervalBlock<Link> block(eta);
    double loglik = 0.0;
    for (Index i = 0; i < eta.rows(); ++i) {
      const double w = response.weight ? response.weight[i] : 1.0;
      Interval at;
      if (w != 0.0) {
        const Index k = response.category[i];
        const bool inside = k > 0 && k < cuts_->count();
        if (inside && !(eta(i, 0) > eta(i, 1))) return -std::numeric_limits<double>::infinity();
        at = inside   ? block.between(i)
             : k == 0 ? below(block.upper(i).success)
                      : above(block.lower(i).failure);
        loglik += w * at.log_probability;
      }
      if (order < Order::gradient) continue;
      residual(i, 0) = w * at.du;
      residual(i, 1) = w * at.dv;
      if (order < Order::information) continue;
      weight(i, 0) = w * (by_scores ? at.du * at.du : -at.duu);
      weight(i, 1) = w * (by_scores ? at.du * at.dv : -at.duv);
      weight(i, 2) = w * (by_scores ? at.dv * at.dv : -at.dvv);
    }
    return loglik;
  }

 private:
  std::shared_ptr<const Cuts> cuts_;
};

}  // namespace fastlogit
