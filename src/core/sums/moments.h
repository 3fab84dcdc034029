// The log-likelihood, its score and the information, at one point or at several.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "sum.h"

namespace fastlogit {

// What the two below have in common: a block of rows is read from memory once for all points.
class PointSums {
 public:
  // points: a column of coefficients for each. thinning: a draft is of one block of rows in that
  // many.
  PointSums(Matrix points, Order order, Curvature curvature, Index thinning = 1)
      : points_(std::make_shared<const Matrix>(std::move(points))),
        order_(order),
        curvature_(curvature),
        thinning_(thinning) {}

  void pack_question(Packer& out) const;
  static PointSums unpack_question(Unpacker& in);

  void zero();
  void zero(const RowBlocks& rows);
  void add(const RowBlocks& rows, Rows block);
  void merge(const PointSums& other);
  void finish(const RowBlocks& rows);
  void pack(Packer& out) const;
  void unpack(Unpacker& in);

  Order order() const { return order_; }
  const Matrix& points() const { return *points_; }
  std::vector<Moments>& moments() { return moments_; }
  const std::vector<Moments>& moments() const { return moments_; }

 private:
  void add_at(const Vector& in_cells, const RowBlocks& rows, Rows block, Moments& moments) const;

  void add_factored(const RowBlocks& rows, Rows block, const Matrix& eta, Moments& moments) const;

  std::shared_ptr<const Matrix> points_;
  Order order_;
  Curvature curvature_;
  Index thinning_;
  std::shared_ptr<const std::vector<Vector>> in_cells_;
  std::shared_ptr<Vector> weight_;  // of all rows, where the information is formed of all at once
  std::vector<Moments> moments_;
};

template <class Own>
class PointSumsOf : public SumOf<Own> {
 public:
  explicit PointSumsOf(PointSums sums) : sums_(std::move(sums)) {}

  Order order() const override { return sums_.order(); }
  void pack_question(Packer& out) const override { sums_.pack_question(out); }
  void zero() override { sums_.zero(); }
  void zero(const RowBlocks& rows) override { sums_.zero(rows); }
  void add(const RowBlocks& rows, Rows block) override { sums_.add(rows, block); }
  void merge_own(Own& other) { sums_.merge(other.sums_); }
  void finish(const RowBlocks& rows) override { sums_.finish(rows); }
  void pack(Packer& out) const override { sums_.pack(out); }
  void unpack(Unpacker& in) override { sums_.unpack(in); }

 protected:
  PointSums sums_;
};

class MomentsSum final : public PointSumsOf<MomentsSum> {
 public:
  static constexpr const char* kName = "moments";

  MomentsSum(const Vector& beta, Order order, Curvature curvature, Index thinning = 1)
      : PointSumsOf({beta, order, curvature, thinning}) {}
  explicit MomentsSum(Unpacker& in) : PointSumsOf(PointSums::unpack_question(in)) {}

  static std::vector<MomentsSum> examples(const ExamplePoint& at) {
    return {{at.beta, Order::information, Curvature::observed},
            {at.beta, Order::information, Curvature::expected},
            {at.beta, Order::draft, Curvature::observed},
            {at.beta, Order::gradient, Curvature::observed},
            {at.beta, Order::value, Curvature::observed}};
  }

  Vector beta() const { return sums_.points().col(0); }
  Moments& value() { return sums_.moments().front(); }
};

// Up to Order::gradient.
class GradientsSum final : public PointSumsOf<GradientsSum> {
 public:
  static constexpr const char* kName = "gradients";

  explicit GradientsSum(Matrix points)
      : PointSumsOf({std::move(points), Order::gradient, Curvature::observed}) {}
  explicit GradientsSum(Unpacker& in) : PointSumsOf(PointSums::unpack_question(in)) {}

  static std::vector<GradientsSum> examples(const ExamplePoint& at) {
    return {GradientsSum(at.directions.colwise() + at.beta)};
  }

  std::vector<Moments>& value() { return sums_.moments(); }
};

}  // namespace fastlogit
