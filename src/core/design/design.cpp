#include "design.h"

#include "../linalg/gram.h"
#include "extended.h"

namespace fastlogit {

Index Design::block_rows() const {
  return fastlogit::block_rows(cols());
}

std::unique_ptr<Design> Design::with_column(const double* column) const {
  return std::make_unique<ExtendedDesign>(*this, column);
}

void Design::add_squares(Rows rows, const ConstVectorRef& weight, VectorRef sums) const {
  Matrix block(rows.size(), cols());
  copy(rows, block);
  sums += block.cwiseAbs2().transpose() * weight;
}

void Design::add_factored(Rows rows,
                          const ConstMatrixRef& diagonal,
                          const ConstMatrixRef& root,
                          MatrixRef information) const {
  const Index p = cells();
  for (Index k = 0; k < root.cols(); ++k) {
    for (Index l = 0; l <= k; ++l) {
      const Vector weight =
          l == k ? Vector(diagonal.col(k)) : Vector(-root.col(k).cwiseProduct(root.col(l)));
      add_information(rows, weight, information.block(k * p, l * p, p, p));
    }
  }
}

}  // namespace fastlogit
