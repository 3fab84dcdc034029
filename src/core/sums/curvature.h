// The information without forming it: its products with directions D in the columns, p q x m, and
// its diagonal. As derivatives are, in the coordinates of the basis.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "sum.h"

namespace fastlogit {

struct InformationParts {
  Matrix products;
  Vector diagonal;  // empty where it was not asked for
};

// The weights of all rows at the coefficients that some sums are about: the first one finds them.
struct SharedWeights {
  Matrix values;
  const RowBlocks* of = nullptr;  // the rows, once the values are known
};

class CurvatureSum final : public SumOf<CurvatureSum> {
 public:
  static constexpr const char* kName = "curvature";

  // weights: they do not travel.
  CurvatureSum(Vector beta,
               Curvature curvature,
               Matrix directions,
               bool diagonal,
               std::shared_ptr<SharedWeights> weights = nullptr)
      : beta_(std::move(beta)),
        curvature_(curvature),
        directions_(std::move(directions)),
        diagonal_(diagonal),
        weights_(std::move(weights)) {}
  explicit CurvatureSum(Unpacker& in)
      : beta_(in.sized()),
        curvature_(in.number() != 0.0 ? Curvature::observed : Curvature::expected),
        directions_(in.sized()),
        diagonal_(in.number() != 0.0) {}

  static std::vector<CurvatureSum> examples(const ExamplePoint& at) {
    return {{at.beta, Curvature::observed, at.directions, false},
            {at.beta, Curvature::expected, at.directions, true}};
  }

  void pack_question(Packer& out) const override;
  void zero() override;
  void zero(const RowBlocks& rows) override;
  void add(const RowBlocks& rows, Rows block) override;
  void merge_own(const CurvatureSum& other);
  void finish(const RowBlocks& rows) override;
  void pack(Packer& out) const override;
  void unpack(Unpacker& in) override;

  InformationParts& value() { return parts_; }

 private:
  // What the directions come to in the predictors of some rows, to be weighted and added up.
  template <typename Weigh>
  void add_products(const RowBlocks& rows, Rows block, const Weigh& weigh);

  void add_factored(const RowBlocks& rows, Rows block, const Matrix& eta);

  // weight: rows x q (q + 1) / 2.
  void add_pairs(const RowBlocks& rows, Rows block, const Matrix& weight);

  // Of what has no predictors with columns of their own.
  void add_set_products(const RowBlocks& rows, Rows block, const Matrix& eta);
  void add_diagonal_of_pairs(const RowBlocks& rows, Rows block, const Matrix& weight);

  Vector beta_;
  Curvature curvature_;
  Matrix directions_;
  bool diagonal_;
  std::shared_ptr<SharedWeights> weights_;
  Vector in_cells_;
  std::vector<Vector> directions_in_cells_;
  InformationParts parts_;
};

}  // namespace fastlogit
