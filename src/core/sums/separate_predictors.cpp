#include "separate_predictors.h"

#include <vector>

#include "../linalg/quadratic_form.h"

namespace fastlogit {

namespace {

class SeparateLeverages final : public Leverages {
 public:
  SeparateLeverages(const Design& design, Index predictors, const Information& inverse)
      : design_(design), inverse_(inverse) {
    const Index p = design.cols();
    for (Index j = 0; j < predictors && !inverse.pattern(); ++j) {
      for (Index k = 0; k <= j; ++k) {
        // Only the symmetric part counts.
        const auto block = inverse.dense().block(j * p, k * p, p, p);
        forms_.emplace_back(design.form_to_cells(0.5 * (block + block.transpose())));
      }
    }
  }

  Matrix of(Rows rows) const override {
    if (inverse_.pattern()) {
      Matrix leverage(rows.size(), 1);
      design_.form_on_pattern(rows, inverse_.values(), leverage.col(0));
      return leverage;
    }
    Matrix leverage(rows.size(), static_cast<Index>(forms_.size()));
    for (Index pair = 0; pair < leverage.cols(); ++pair) {
      design_.quadratic_form(rows, forms_[pair], leverage.col(pair));
    }
    return leverage;
  }

 private:
  const Design& design_;
  const Information& inverse_;
  std::vector<QuadraticForm> forms_;  // in cells; none where the inverse has a pattern
};

}  // namespace

SeparatePredictors::SeparatePredictors(const Design& design, Index count, bool sparse)
    : design_(design), count_(count), pattern_(sparse ? design.pattern() : nullptr) {}

Index SeparatePredictors::information_numbers() const {
  return pattern_ ? static_cast<Index>(pattern_->row.size()) : size() * size();
}

Vector SeparatePredictors::to_cells(const ConstVectorRef& beta) const {
  const Index p = design_.cols();
  const Index cells = design_.cells();
  Vector in_cells(cells * count_);
  for (Index j = 0; j < count_; ++j) {
    in_cells.segment(j * cells, cells) = design_.to_cells(beta.segment(j * p, p));
  }
  return in_cells;
}

Vector SeparatePredictors::score_from_cells(const ConstVectorRef& sums) const {
  const Index p = design_.cols();
  const Index cells = design_.cells();
  Vector score(p * count_);
  for (Index j = 0; j < count_; ++j) {
    score.segment(j * p, p) = design_.from_cells(sums.segment(j * cells, cells));
  }
  return score;
}

Information SeparatePredictors::zero_information() const {
  if (!pattern_) return Information::zero(cells(), nullptr);
  return Information::on(pattern_, Vector::Zero(design_.pattern_sums()));
}

Information SeparatePredictors::zero_products() const {
  return Information::zero(cells(), nullptr);
}

Information SeparatePredictors::information_from_cells(Information& sums) const {
  if (sums.pattern()) return Information::on(pattern_, design_.from_pattern_sums(sums.values()));
  const Index p = design_.cols();
  const Index cells = design_.cells();
  Matrix information(p * count_, p * count_);
  for (Index j = 0; j < count_; ++j) {
    for (Index k = 0; k <= j; ++k) {
      auto block = sums.dense().block(j * cells, k * cells, cells, cells);
      block.template triangularView<Eigen::StrictlyUpper>() = block.transpose();
      information.block(j * p, k * p, p, p) = design_.information_from_cells(block);
      if (j == k) continue;
      information.block(k * p, j * p, p, p) = information.block(j * p, k * p, p, p);
    }
  }
  return information;
}

void SeparatePredictors::predict(Rows rows, const ConstVectorRef& in_cells, MatrixRef eta) const {
  const Index cells = design_.cells();
  for (Index j = 0; j < count_; ++j) {
    design_.predict(rows, in_cells.segment(j * cells, cells), eta.col(j));
  }
}

void SeparatePredictors::add_score(Rows rows,
                                   const ConstMatrixRef& residual,
                                   VectorRef sums) const {
  const Index cells = design_.cells();
  for (Index j = 0; j < count_; ++j) {
    design_.add_score(rows, residual.col(j), sums.segment(j * cells, cells));
  }
}

void SeparatePredictors::add_information(Rows rows,
                                         const ConstMatrixRef& weight,
                                         Information& sums) const {
  if (sums.pattern()) {
    design_.add_to_pattern(rows, weight.col(0), sums.values());
    return;
  }
  for_each_pair(weight, sums.dense(), [&](const ConstVectorRef& own, MatrixRef block) {
    design_.add_information(rows, own, block);
  });
}

void SeparatePredictors::add_draft(Rows rows,
                                   const ConstMatrixRef& weight,
                                   Information& sums) const {
  if (sums.pattern()) return add_information(rows, weight, sums);
  for_each_pair(weight, sums.dense(), [&](const ConstVectorRef& own, MatrixRef block) {
    design_.add_draft(rows, own, block);
  });
}

template <typename Add>
void SeparatePredictors::for_each_pair(const ConstMatrixRef& weight,
                                       Matrix& sums,
                                       const Add& add) const {
  const Index cells = design_.cells();
  Index pair = 0;
  for (Index j = 0; j < count_; ++j) {
    for (Index k = 0; k <= j; ++k, ++pair) {
      add(weight.col(pair), sums.block(j * cells, k * cells, cells, cells));
    }
  }
}

void SeparatePredictors::add_factored(Rows rows,
                                      const ConstMatrixRef& diagonal,
                                      const ConstMatrixRef& root,
                                      Information& sums) const {
  design_.add_factored(rows, diagonal, root, sums.dense());
}

Matrix SeparatePredictors::weighted_rows(Rows rows, const ConstMatrixRef& weight) const {
  Matrix block(rows.size(), design_.cols());
  design_.copy(rows, block);
  return total(weight).cwiseSqrt().asDiagonal() * block;
}

Vector SeparatePredictors::direction_to_cells(const ConstVectorRef& direction) const {
  return design_.to_cells(direction);
}

Vector SeparatePredictors::direction_from_cells(const ConstVectorRef& sums) const {
  return design_.from_cells(sums);
}

void SeparatePredictors::add_products(Rows rows,
                                      const ConstMatrixRef& weight,
                                      const ConstMatrixRef& steps,
                                      MatrixRef cross,
                                      VectorRef squares) const {
  const Vector own = total(weight);
  for (Index j = 0; j < steps.cols(); ++j) {
    Vector residual = Vector::Zero(rows.size());
    design_.predict(rows, steps.col(j), residual);
    squares[j] += own.dot(residual.cwiseAbs2());
    design_.add_score(rows, own.cwiseProduct(residual), cross.col(j));
  }
}

std::unique_ptr<Leverages> SeparatePredictors::leverages(const Information& inverse) const {
  return std::make_unique<SeparateLeverages>(design_, count_, inverse);
}

Vector SeparatePredictors::total(const ConstMatrixRef& weight) const {
  Vector total = Vector::Zero(weight.rows());
  for (Index j = 0; j < count_; ++j) total += weight.col(j * (j + 3) / 2);
  return total;
}

}  // namespace fastlogit
