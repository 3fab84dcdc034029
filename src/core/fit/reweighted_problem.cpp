#include "reweighted_problem.h"

#include "../engine/memory_evaluator.h"

namespace fastlogit {

ReweightedProblem::ReweightedProblem(const SharedRows& shared,
                                     const double* times,
                                     Execution execution)
    : Problem(shared.model, std::move(execution)),
      shared_(shared),
      design_(&shared.rows.design),
      response_(shared.rows.response),
      offset_(shared.rows.offset) {
  if (shared.sources) {
    take_weighted(times);
  } else {
    take_all(times);
    if (shared.pooled) take_patterns();
  }
}

std::unique_ptr<Evaluator> ReweightedProblem::evaluator(const Execution& execution,
                                                        const Likelihood& likelihood,
                                                        Index thinning) const {
  Response view = response_;
  if (likelihood.family == kPhaseOne) view.constant = 0.0;  // that of the model's own likelihood
  return std::make_unique<MemoryEvaluator>(*design_,
                                           make_family(likelihood),
                                           view,
                                           offset_,
                                           execution.threads,
                                           execution.heartbeat,
                                           thinning);
}

void ReweightedProblem::take_all(const double* times) {
  const double* const prior = response_.weight;
  weight_.resize(design_->rows());
  for (size_t i = 0; i < weight_.size(); ++i) weight_[i] = prior ? prior[i] * times[i] : times[i];
  response_.weight = weight_.data();
}

void ReweightedProblem::take_patterns() {
  pooled_ = std::make_unique<PooledResponses>(
      shared_.pooled->with_responses(response_, shared_.rows.predictors));
  design_ = &shared_.pooled->design();
  response_ = pooled_->view();
  offset_ = shared_.pooled->offset();
}

void ReweightedProblem::take_weighted(const double* times) {
  const Observations& all = shared_.rows;
  const double* const prior = all.response.weight;
  std::vector<Index> rows;
  rows.reserve(all.design.rows());
  weight_.reserve(all.design.rows());
  for (Index i = 0; i < all.design.rows(); ++i) {
    const double weight = prior ? prior[i] * times[i] : times[i];
    if (weight == 0.0) continue;
    rows.push_back(i);
    weight_.push_back(weight);
  }
  selection_ = std::make_unique<Selection>(*shared_.sources, rows);
  selected_ = all.design.select(*selection_);
  design_ = selected_.get();
  response_.weight = weight_.data();
  response_.complement = gather(rows, all.response.complement, complement_);
  response_.category = gather(rows, all.response.category, category_);
  response_.set = gather(rows, all.response.set, set_);
  response_.y = gather(rows, all.response.y, y_);
  if (response_.stride > 0) {
    for (Index j = 1; j <= all.predictors; ++j) {
      gather(rows, all.response.y + j * all.response.stride, y_);
    }
    response_.stride = design_->rows();
    response_.y = y_.data();
  }
  for (Index j = 0; all.offset && j < all.predictors; ++j) {
    gather(rows, all.offset + j * all.design.rows(), offsets_);
  }
  offset_ = all.offset ? offsets_.data() : nullptr;
}

// Behind what the copy has already; null where there is nothing to gather.
template <typename Number>
const Number* ReweightedProblem::gather(const std::vector<Index>& rows,
                                        const Number* from,
                                        std::vector<Number>& copy) {
  if (!from) return nullptr;
  copy.reserve(copy.size() + rows.size());
  for (const Index row : rows) copy.push_back(from[row]);
  return copy.data();
}

}  // namespace fastlogit
