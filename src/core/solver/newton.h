// Newton-Raphson with the observed information, Fisher scoring with the expected one; and between
// their steps others, for which the last information serves again.
//
// A pass that ends with the score is much cheaper than one with the information of many columns.
// Near the maximum a step with an old information still gains a constant factor, and the more for
// what the steps since then have told of the change (L-BFGS from the old factor). So the order of
// the next pass is the one that promises the cheaper way to the end, and there, in any case, is the
// information once more.
#pragma once

#include <algorithm>
#include <cmath>

#include "direction.h"
#include "secant.h"
#include "tuning.h"

namespace fastlogit {

class NewtonDirection final : public Direction {
 public:
  // gradient_cost: of a pass that ends with the score, relative to one with the information.
  NewtonDirection(double gradient_cost, const Draft& draft)
      : gradient_cost_(gradient_cost), draft_(draft) {}

  Order order() const override { return next_; }

  bool wants_draft() const override { return wants_draft_; }

  bool newton() const override { return true; }

  std::optional<Step> find(Coordinates& coordinates, const Moments& at, double negligible) override;

  void update(const Vector& gamma, const Vector& old_score, const Vector& new_score) override;

 private:
  // Would this step do, by the information that there is?
  bool serves(const Step& step, const Moments& at, double negligible);

  // Is there a way to go before digits count? Drafts serve there.
  static bool is_early(double length, const Moments& at);

  Step updated_step(const Coordinates& coordinates, const Vector& score) const;

  // Which order is to be asked for at the end of a step of that length (the root of its gain), on
  // the way to steps of length `last`. The contraction by steps with an old information goes with
  // how far from the maximum that was.
  void plan(double length, double last, const Moments& at);

  // Of the way to steps of length `last` that go on shrinking: the last pass has the information.
  double cost(double length, double contraction, double last) const;

  double gradient_cost_;
  Draft draft_;
  bool wants_draft_ = false;
  bool of_draft_ = false;  // is the information in use?
  SecantPairs pairs_;
  Order next_ = Order::information;
  double length_ = 0.0;    // of the last step
  double distance_ = 0.0;  // the length of the first step with the information in use
  double contraction_ = kTypicalContraction;
  int steps_ = 0;  // since then
};

}  // namespace fastlogit
