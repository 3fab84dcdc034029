#include "block_products.h"

#include <utility>

namespace fastlogit {

namespace {

Index middle_of(Index begin, Index end) {
  return begin + ((end - begin) / kSubPanel + 1) / 2 * kSubPanel;
}

}  // namespace

void add_products(const PackedColumns& a,
                  const PackedColumns& b,
                  double sign,
                  const Rectangle& part,
                  bool lower,
                  MatrixRef out,
                  const Parallel& parallel) {
  if (part.first_row >= part.last_row || part.first_col >= part.last_col) return;
  constexpr Index kGroupBytes = 128 * 1024;  // of B, to stay in the second-level cache
  const GramKernels kernels = gram_kernels(active_simd());
  const Index bytes = b.stride() * kernels.tile_cols * static_cast<Index>(sizeof(double));
  const Index group = std::max<Index>(1, kGroupBytes / bytes) * kernels.tile_cols;
  const Index groups = (part.last_col - part.first_col + group - 1) / group;
  parallel(groups, [&](Index task) {
    const Index first = part.first_col + task * group;
    const Index last = std::min(first + group, part.last_col);
    for (Index i = part.first_row; i < part.last_row; i += kernels.tile_rows) {
      const Index height = std::min(kernels.tile_rows, part.last_row - i);
      const Index end = lower ? std::min(last, i + height) : last;
      for (Index j = first; j < end; j += kernels.tile_cols) {
        const Index width = std::min(kernels.tile_cols, end - j);
        kernels.tile(height, width)(
            a.column(i), b.column(j), b.stride(), b.height(), sign, &out(i, j), out.outerStride());
      }
    }
  });
}

void add_block(const PackedColumns& a, const PackedColumns& b, double sign, MatrixRef out) {
  const GramKernels kernels = gram_kernels(active_simd());
  for (Index i = 0; i < out.rows(); i += kernels.tile_rows) {
    const Index height = std::min(kernels.tile_rows, out.rows() - i);
    for (Index j = 0; j < out.cols(); j += kernels.tile_cols) {
      const Index width = std::min(kernels.tile_cols, out.cols() - j);
      kernels.tile(height, width)(
          a.column(i), b.column(j), b.stride(), b.height(), sign, &out(i, j), out.outerStride());
    }
  }
}

void pack_rows(const ConstMatrixRef& block, Index first, PackedColumns& packed) {
  for (Index k = 0; k < block.cols(); ++k) {
    for (Index i = 0; i < block.rows(); ++i) packed.column(first + i)[k] = block(i, k);
  }
  for (Index i = 0; i < block.rows(); ++i) packed.clear_padding(first + i, block.cols());
}

void pack_columns(const ConstMatrixRef& block,
                  Index first,
                  PackedColumns& packed,
                  const Parallel& parallel) {
  constexpr Index kColumns = 128;
  packed.resize(block.rows(), block.cols());
  parallel((block.cols() - first + kColumns - 1) / kColumns, [&](Index task) {
    const Index begin = first + task * kColumns;
    const Index end = std::min(begin + kColumns, block.cols());
    for (Index j = begin; j < end; ++j) {
      std::copy_n(block.col(j).data(), block.rows(), packed.column(j));
      packed.clear_padding(j, block.rows());
    }
  });
}

void subtract_products(const ConstMatrixRef& block, Matrix& out, const Parallel& parallel) {
  PackedColumns packed;
  pack_columns(block, 0, packed, parallel);
  add_products(packed, packed, -1.0, {0, out.rows(), 0, out.cols()}, true, out, parallel);
}

void mirror_lower(Matrix& a, const Parallel& parallel) {
  constexpr Index kTile = 64;  // both sides of a tile stay in the cache
  parallel((a.cols() + kTile - 1) / kTile, [&](Index tile) {
    const Index first = tile * kTile;
    const Index width = std::min(kTile, a.cols() - first);
    for (Index i = 0; i < first; i += kTile) {
      a.block(i, first, kTile, width) = a.block(first, i, width, kTile).transpose();
    }
    auto diagonal = a.block(first, first, width, width);
    diagonal.triangularView<Eigen::StrictlyUpper>() = diagonal.transpose();
  });
}

PanelTriangle::PanelTriangle(const ConstMatrixRef& lower, std::vector<Index> left_out)
    : lower_(lower),
      left_out_(std::move(left_out)),
      below_((lower.rows() + kSubPanel - 1) / kSubPanel) {
  pack(0, lower.rows());
}

void PanelTriangle::solve_rows(MatrixRef x) const {
  PackedColumns scratch;
  solve(0, lower_.rows(), scratch, x);
}

void PanelTriangle::pack(Index begin, Index end) {
  if (end - begin <= kSubPanel) return;
  const Index middle = middle_of(begin, end);
  PackedColumns& packed = below_[middle / kSubPanel];
  packed.resize(middle - begin, end - middle);
  pack_rows(lower_.block(middle, begin, end - middle, middle - begin), 0, packed);
  pack(begin, middle);
  pack(middle, end);
}

void PanelTriangle::solve(Index begin, Index end, PackedColumns& scratch, MatrixRef x) const {
  if (end - begin <= kSubPanel) return solve_columns(begin, end, x.middleCols(begin, end - begin));
  const Index middle = middle_of(begin, end);
  solve(begin, middle, scratch, x);
  scratch.resize(middle - begin, x.rows());
  pack_rows(x.middleCols(begin, middle - begin), 0, scratch);
  add_block(scratch, below_[middle / kSubPanel], -1.0, x.middleCols(middle, end - middle));
  solve(middle, end, scratch, x);
}

void PanelTriangle::solve_columns(Index begin, Index end, MatrixRef x) const {
  lower_.block(begin, begin, end - begin, end - begin)
      .triangularView<Eigen::Lower>()
      .transpose()
      .solveInPlace<Eigen::OnTheRight>(x);
  for (const Index j : left_out_) {
    if (begin <= j && j < end) x.col(j - begin).setZero();
  }
}

}  // namespace fastlogit
