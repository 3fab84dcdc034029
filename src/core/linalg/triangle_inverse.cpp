#include "triangle_inverse.h"

#include <algorithm>

#include "block_products.h"

namespace fastlogit {

Matrix inverse_from_factor(const ConstMatrixRef& upper, const Parallel& parallel) {
  const Index p = upper.rows();
  // With W = U'^-1 the inverse is W' W. Rows of W are found from the top: those above hold what has
  // been added up of the inverse, those below what is left of the identity.
  Matrix inverse = Matrix::Identity(p, p);
  PackedColumns factor;
  PackedColumns found;
  for (Index begin = 0; begin < p; begin += kPanel) {
    const Index end = std::min(begin + kPanel, p);
    const Index width = end - begin;
    Matrix block = inverse.block(begin, 0, width, end);
    for_each_run(0, end, parallel, [&](Index first, Index last) {
      auto here = block.middleCols(first, last - first);
      upper.block(begin, begin, width, width)
          .triangularView<Eigen::Upper>()
          .transpose()
          .solveInPlace(here);
    });
    pack_columns(block, 0, found, parallel);
    pack_columns(upper.middleRows(begin, width), end, factor, parallel);
    add_products(factor, found, -1.0, {end, p, 0, end}, false, inverse, parallel);
    inverse.block(begin, 0, width, end).setZero();
    add_products(found, found, 1.0, {0, end, 0, end}, true, inverse, parallel);
  }
  mirror_lower(inverse, parallel);
  return inverse;
}

Vector inverse_diagonal_from_factor(const ConstMatrixRef& upper, const Parallel& parallel) {
  // Some rows of V = U^-1 at a time, from V U = I: what is found of them takes its part in the
  // columns beyond, and is gone but for its squares.
  constexpr Index kTogether = 1024;
  const Index p = upper.rows();
  Vector squares = Vector::Zero(p);
  Matrix left(std::min(kTogether, p), p);
  PackedColumns factor;
  PackedColumns found;
  for (Index first = 0; first < p; first += kTogether) {
    const Index last = std::min(first + kTogether, p);
    left.rightCols(p - first).setZero();
    left.block(0, first, last - first, last - first).diagonal().setOnes();
    for (Index begin = first; begin < p; begin += kPanel) {
      const Index end = std::min(begin + kPanel, p);
      const Index width = end - begin;
      const Index rows = std::min(end, last) - first;  // the others begin later
      const PanelTriangle triangle(upper.block(begin, begin, width, width).transpose());
      found.resize(width, rows);
      for_each_run(0, rows, parallel, [&](Index top, Index bottom) {
        auto here = left.block(top, begin, bottom - top, width);
        triangle.solve_rows(here);
        squares.segment(first + top, bottom - top) += here.rowwise().squaredNorm();
        pack_rows(here, top, found);
      });
      if (end == p) break;
      pack_columns(upper.middleRows(begin, width), end, factor, parallel);
      add_products(found, factor, -1.0, {0, rows, end, p}, false, left, parallel);
    }
  }
  return squares;
}

}  // namespace fastlogit
