// Newton-Raphson without the information, until the end: steps by conjugate gradients on its
// products with vectors (Dembo & Steihaug 1983; Nocedal & Wright 2006, section 7.1), with its
// diagonal as preconditioner.
//
// A product costs about a score. Where thousands of columns have few entries in a row, that is a
// small part of what the information and its factor cost; so those are asked for once, where the
// steps have come to nothing, or from where products are no longer the cheaper way. From there on
// everything is left to NewtonDirection.
#pragma once

#include <memory>

#include "../penalty/penalty.h"
#include "../sums/curvature.h"
#include "iterate.h"
#include "newton.h"

namespace fastlogit {

// Are so few products as most fits take cheaper than another information?
bool are_worth_while(double product_cost);

class TruncatedDirection final : public Direction {
 public:
  // here: where the loop is; it has no information. diagonal: of the information where it begins.
  TruncatedDirection(Evaluator& rows, const Penalty& penalty, const Iterate& here, Vector diagonal);

  Order order() const override { return products_left_ > 0 ? next_ : newton_.order(); }

  bool newton() const override { return true; }

  std::optional<Step> find(Coordinates& coordinates, const Moments& at, double negligible) override;

  void update(const Vector& gamma, const Vector& old_score, const Vector& new_score) override;

 private:
  // A step that leaves no more than `tolerance` of the score, in the lengths that the
  // preconditioner gives. Empty where there is none: the curvature is not positive, or there are
  // no more products.
  Vector solve(const Coordinates& coordinates, const Vector& score, double tolerance);

  // weights: of all products at the same coefficients.
  Vector times_information(const Coordinates& coordinates,
                           const Vector& v,
                           std::shared_ptr<SharedWeights> weights) const;

  Evaluator& rows_;
  const Penalty& penalty_;
  const Iterate& here_;
  Vector diagonal_;
  double weight_;
  Index products_left_;  // 0: it is NewtonDirection's turn
  Order next_ = Order::gradient;
  double length_;  // of the last step
  NewtonDirection newton_;
};

}  // namespace fastlogit
