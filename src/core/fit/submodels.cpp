#include "submodels.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "../sums/moments.h"

namespace fastlogit {

namespace {

std::vector<bool> all_but(const std::vector<Index>& kept, Index count) {
  std::vector<bool> held(count, true);
  for (const Index j : kept) held[j] = false;
  return held;
}

// With the entries of some coefficients only.
Matrix block_of(const Matrix& lower, const std::vector<Index>& kept) {
  const Index count = static_cast<Index>(kept.size());
  return Matrix::NullaryExpr(count, count, [&](Index i, Index j) {
    return lower(std::max(kept[i], kept[j]), std::min(kept[i], kept[j]));
  });
}

void iterate_together(Evaluator& rows, std::vector<SubmodelIteration>& fits) {
  for (;;) {
    std::vector<SubmodelIteration*> running;
    for (SubmodelIteration& fit : fits) {
      if (fit.running() && fit.order() == Order::information) {
        fit.take(rows.total(MomentsSum(fit.beta(), Order::information, Curvature::observed)));
      }
      if (fit.running() && fit.order() == Order::gradient) running.push_back(&fit);
    }
    if (running.empty()) return;
    Matrix points(running[0]->beta().size(), static_cast<Index>(running.size()));
    for (Index i = 0; i < points.cols(); ++i) points.col(i) = running[i]->beta();
    const std::vector<Moments> moments = rows.total(GradientsSum(std::move(points)));
    for (std::size_t i = 0; i < running.size(); ++i) running[i]->take(moments[i]);
  }
}

}  // namespace

bool RestrictedFactor::compute(const Information& information,
                               const std::vector<bool>& held,
                               std::shared_ptr<const Cholesky> whole) {
  held_.clear();
  for (std::size_t j = 0; j < held.size(); ++j) {
    if (held[j]) held_.push_back(static_cast<Index>(j));
  }
  const bool few = held_.size() * kFewHeld <= held.size();
  whole_ = few ? std::move(whole) : nullptr;
  if (!whole_) {
    return own_.compute(information, held) && own_.smallest_pivot_ratio() >= kSuspicious;
  }
  const Index count = static_cast<Index>(held_.size());
  followers_.resize(information.rows(), count);
  for (Index i = 0; i < count; ++i) {
    followers_.col(i) = whole_->solve(Vector::Unit(information.rows(), held_[i]));
  }
  Matrix among(count, count);
  for (Index i = 0; i < count; ++i) among.row(i) = followers_.row(held_[i]);
  return among_.compute(Information(std::move(among)), std::vector<bool>(count, false));
}

Vector RestrictedFactor::solve(const Vector& v) const {
  if (!whole_) return own_.solve(v);
  Vector x = whole_->solve(v);
  Vector there(static_cast<Index>(held_.size()));
  for (Index i = 0; i < there.size(); ++i) there[i] = x[held_[i]];
  x -= followers_ * among_.solve(there);
  for (const Index j : held_) x[j] = 0.0;
  return x;
}

SubmodelIteration::SubmodelIteration(const Moments& at,
                                     const std::shared_ptr<const Cholesky>& whole,
                                     const Vector& start,
                                     std::vector<bool> held,
                                     bool all_digits)
    : held_(std::move(held)),
      all_digits_(all_digits),
      beta_(free_part(start)),
      running_(factor_.compute(at.information, held_, whole)) {
  if (!running_) return;
  const Vector gone = start - beta_;
  beta_ += factor_.solve(free_part(at.score + at.information.times(gone)));
}

void SubmodelIteration::take(const Moments& moments) {
  running_ = std::isfinite(moments.loglik) && passes_++ < kTracePasses;
  if (!running_) return;
  const Vector score = free_part(moments.score);
  if (order_ == Order::information) {
    running_ = factor_.compute(moments.information, held_, nullptr);
    if (!running_) return;
    pairs_.clear();
    last_ = std::numeric_limits<double>::infinity();
    order_ = Order::gradient;
  } else if (score_.size() > 0) {
    pairs_.add(step_, score_ - score);
  }
  Vector step = solve(score);
  const double gain = 0.5 * step.dot(score);
  const double size = std::sqrt(2.0 * gain);
  if (!(size <= kTraceShrinks * last_)) {
    running_ = renewals_++ < kRenewals;
    order_ = Order::information;
    return;
  }
  beta_ += step;
  step_ = std::move(step);
  score_ = score;
  if (close(size)) {
    loglik_ = moments.loglik + gain;
    running_ = false;
  }
  last_ = size;
}

Vector SubmodelIteration::free_part(Vector v) const {
  for (Index j = 0; j < v.size(); ++j) {
    if (held_[j]) v[j] = 0.0;
  }
  return v;
}

Vector SubmodelIteration::solve(const Vector& score) const {
  return pairs_.solve(score, [this](const Vector& v) { return factor_.solve(v); });
}

bool SubmodelIteration::close(double size) const {
  const double rate = std::isfinite(last_) ? size / last_ : 1.0;
  return all_digits_ ? rate * size <= kTraceClose : rate * size * size <= kGainClose;
}

std::vector<Submodel> fit_submodels(const Problem& problem,
                                    Evaluator& rows,
                                    const Vector& start,
                                    const std::vector<std::vector<Index>>& kept,
                                    bool all_digits) {
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  std::vector<Submodel> found(kept.size(), {Vector::Zero(start.size()), unknown});
  if (!problem.family().concave()) return found;
  const Moments at = rows.total(MomentsSum(start, Order::information, Curvature::observed));
  if (!std::isfinite(at.loglik)) return found;
  auto whole = std::make_shared<Cholesky>();
  const bool sound = whole->compute(at.information, std::vector<bool>(start.size(), false)) &&
                     whole->smallest_pivot_ratio() >= kSuspicious;
  if (!sound) whole.reset();
  // At a time: their sums, and their factors, are to stay small.
  const std::size_t most = std::clamp<Index>(kNumbersTogether / at.information.size(), 1, 64);
  for (std::size_t first = 0; first < kept.size(); first += most) {
    const std::size_t end = std::min(first + most, kept.size());
    std::vector<SubmodelIteration> fits;
    fits.reserve(end - first);
    for (std::size_t i = first; i < end; ++i) {
      fits.emplace_back(at, whole, start, all_but(kept[i], start.size()), all_digits);
    }
    iterate_together(rows, fits);
    for (std::size_t i = first; i < end; ++i) {
      found[i] = {fits[i - first].beta(), fits[i - first].loglik()};
    }
  }
  return found;
}

Vector score_statistics(Evaluator& rows,
                        const Vector& beta,
                        const std::vector<std::vector<Index>>& groups) {
  const Moments at = rows.total(MomentsSum(beta, Order::information, Curvature::expected));
  const Matrix information = at.information.lower();
  Vector statistics(static_cast<Index>(groups.size()));
  for (std::size_t i = 0; i < groups.size(); ++i) {
    Cholesky factor;
    const std::vector<bool> dependent =
        factor.compute_others(Information(block_of(information, groups[i])), kDigitsLost);
    Vector score = Vector::Zero(static_cast<Index>(groups[i].size()));
    for (Index j = 0; j < score.size(); ++j) {
      if (!dependent[j]) score[j] = at.score[groups[i][j]];
    }
    statistics[static_cast<Index>(i)] = factor.half_solve(score).squaredNorm();
  }
  return statistics;
}

}  // namespace fastlogit
