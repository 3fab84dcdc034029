// L-BFGS (Nocedal 1980; Nocedal & Wright 2006, algorithm 7.4): first derivatives only, for designs
// so wide that the information cannot be paid for at every step.
#pragma once

#include <deque>
#include <utility>

#include "direction.h"

namespace fastlogit {

class LbfgsDirection final : public Direction {
 public:
  // scale: a diagonal approximation of the information, size p q.
  explicit LbfgsDirection(Vector scale) : scale_(std::move(scale)) {}

  Order order() const override { return Order::gradient; }

  bool newton() const override { return false; }

  std::optional<Step> find(Coordinates& coordinates, const Moments& at) override {
    const Vector score = coordinates.free_part(at.score);
    Vector gamma = inverse_information_times(score);
    const double gain = 0.5 * gamma.dot(score);
    return Step{std::move(gamma), gain};
  }

  void taken(const Vector& gamma, const Vector& old_score, const Vector& new_score) override {
    Vector change = old_score - new_score;
    const double curvature = gamma.dot(change);
    // A pair without positive curvature would make the approximation indefinite.
    if (!(curvature > 1e-14 * gamma.norm() * change.norm())) return;
    if (pairs_.size() == kMemory) pairs_.pop_front();
    pairs_.push_back({gamma, std::move(change), curvature});
  }

 private:
  struct Pair {
    Vector step;
    Vector change;  // of the score, sign reversed
    double curvature;
  };

  // The two-loop recursion.
  Vector inverse_information_times(Vector v) const {
    Vector alpha(pairs_.size());
    for (Index i = alpha.size() - 1; i >= 0; --i) {
      const Pair& pair = pairs_[i];
      alpha[i] = pair.step.dot(v) / pair.curvature;
      v -= alpha[i] * pair.change;
    }
    v = v.cwiseQuotient(scale_);
    if (!pairs_.empty()) v *= newest_scale();
    for (Index i = 0; i < alpha.size(); ++i) {
      const Pair& pair = pairs_[i];
      v += (alpha[i] - pair.change.dot(v) / pair.curvature) * pair.step;
    }
    return v;
  }

  // The newest pair tells by how much the diagonal is wrong.
  double newest_scale() const {
    const Pair& pair = pairs_.back();
    return pair.curvature / pair.change.cwiseProduct(pair.change).cwiseQuotient(scale_).sum();
  }

  static constexpr size_t kMemory = 20;

  Vector scale_;
  std::deque<Pair> pairs_;
};

}  // namespace fastlogit
