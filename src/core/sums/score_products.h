// The sum of the outer products of the rows' own scores, the meat of a sandwich (White 1982), in
// the columns' own coordinates. Each score may be divided by (1 - h) to a power, h the row's
// leverage (MacKinnon and White 1985): 1/2 for HC2, 1 for HC3; of one predictor.
#pragma once

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "sum.h"

namespace fastlogit {

class ScoreProductsSum final : public SumOf<ScoreProductsSum> {
 public:
  static constexpr const char* kName = "score products";

  explicit ScoreProductsSum(Vector beta) : ScoreProductsSum(std::move(beta), 0.0, Matrix()) {}

  // inverse: of the expected information.
  ScoreProductsSum(Vector beta, double power, Matrix inverse)
      : beta_(std::move(beta)),
        power_(power),
        inverse_(std::make_shared<const Information>(std::move(inverse))) {}
  explicit ScoreProductsSum(Unpacker& in)
      : beta_(in.sized()),
        power_(in.number()),
        inverse_(std::make_shared<const Information>(in.sized())) {}

  static std::vector<ScoreProductsSum> examples(const ExamplePoint& at) {
    std::vector<ScoreProductsSum> examples = {ScoreProductsSum(at.beta)};
    const bool one_predictor = at.inverse.rows() == at.columns;
    if (one_predictor) examples.emplace_back(at.beta, 0.5, at.inverse);
    return examples;
  }

  Order order() const override { return Order::information; }

  void pack_question(Packer& out) const override {
    out.add_sized(beta_);
    out.add(power_);
    out.add_sized(inverse_->dense());
  }

  void zero() override { products_ = Matrix(Matrix::Zero(beta_.size(), beta_.size())); }
  void zero(const RowBlocks& rows) override {
    in_cells_ = rows.predictors().to_cells(beta_);
    products_ = rows.predictors().zero_products();
    if (power_ != 0.0) leverages_ = rows.predictors().leverages(*inverse_);
  }
  void add(const RowBlocks& rows, Rows block) override {
    const Matrix score = scores(rows, block);
    if (rows.family().of_sets()) return add_sets(rows, block, score);
    const Index q = score.cols();
    rows.for_each_part(block, [&](Rows part) {
      const auto here = score.middleRows(part.begin - block.begin, part.size());
      Matrix products(part.size(), q * (q + 1) / 2);
      for (Index j = 0, pair = 0; j < q; ++j) {
        for (Index k = 0; k <= j; ++k, ++pair) {
          products.col(pair) = here.col(j).cwiseProduct(here.col(k));
        }
      }
      rows.predictors().add_information(part, products, products_);
    });
  }
  void merge_own(const ScoreProductsSum& other) { products_ += other.products_; }
  void finish(const RowBlocks& rows) override {
    products_ = rows.predictors().information_from_cells(products_).complete();
  }

  void pack(Packer& out) const override { out.add_lower(products_.dense()); }
  void unpack(Unpacker& in) override {
    Matrix products = in.lower(beta_.size());
    products.triangularView<Eigen::StrictlyUpper>() = products.transpose();
    products_ = std::move(products);
  }

  Matrix& value() { return products_.dense(); }

 private:
  // A set has one score.
  void add_sets(const RowBlocks& rows, Rows block, const Matrix& residual) {
    const int* const set = rows.response(block.begin).set;
    Vector score(products_.dense().rows());
    for (Index begin = 0, end = 0; begin < block.size(); begin = end) {
      while (end < block.size() && set[end] == set[begin]) ++end;
      score.setZero();
      rows.predictors().add_score(
          {block.begin + begin, block.begin + end}, residual.middleRows(begin, end - begin), score);
      products_.dense().selfadjointView<Eigen::Lower>().rankUpdate(score);
    }
  }

  // In the linear predictors, rows x q.
  Matrix scores(const RowBlocks& rows, Rows block) const {
    const Index q = rows.predictors().count();
    Matrix score(block.size(), q);
    Matrix weight(block.size(), leverages_ ? q * (q + 1) / 2 : 0);
    rows.family().evaluate(rows.predict(block, in_cells_),
                           rows.response(block.begin),
                           leverages_ ? Order::information : Order::gradient,
                           Curvature::expected,
                           score,
                           weight);
    if (!leverages_) return score;
    const Vector leverage = weight.col(0).cwiseProduct(leverages_->of(block).col(0));
    for (Index i = 0; i < score.rows(); ++i) score(i, 0) /= std::pow(1.0 - leverage[i], power_);
    return score;
  }

  Vector beta_;
  double power_;
  std::shared_ptr<const Information> inverse_;
  Vector in_cells_;
  std::shared_ptr<const Leverages> leverages_;
  Information products_;
};

}  // namespace fastlogit
