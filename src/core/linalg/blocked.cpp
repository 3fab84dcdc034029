#include "blocked.h"

#include <algorithm>
#include <cmath>

#include "gram.h"

namespace fastlogit {

namespace {

constexpr Index kPanel = 256;
constexpr Index kSubPanel = 32;

// A rectangle of a matrix: rows and columns of `out` that belong to columns of packed A and B.
struct Rectangle {
  Index first_row;
  Index last_row;
  Index first_col;
  Index last_col;
};

// out(i, j) += sign a_i' b_j in a rectangle; with `lower`, tiles above the diagonal are left out.
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

// Column i of `packed` becomes row i of `block`, for the rows first, ....
void pack_rows(const ConstMatrixRef& block, Index first, PackedColumns& packed) {
  packed.resize(block.cols(), block.rows());
  for (Index k = 0; k < block.cols(); ++k) {
    for (Index i = first; i < block.rows(); ++i) packed.column(i)[k] = block(i, k);
  }
  for (Index i = first; i < block.rows(); ++i) packed.clear_padding(i, block.cols());
}

void pack_columns(const ConstMatrixRef& block, Index first, PackedColumns& packed) {
  packed.resize(block.rows(), block.cols());
  for (Index j = first; j < block.cols(); ++j) {
    std::copy_n(block.col(j).data(), block.rows(), packed.column(j));
    packed.clear_padding(j, block.rows());
  }
}

// A = L L' in place, in the order of the columns.
class BlockedCholesky {
 public:
  // See factorise().
  BlockedCholesky(Matrix& a, const Vector& least, const Parallel& parallel)
      : a_(a), least_(least), parallel_(parallel) {}

  // False at the first failing column.
  bool factorise() {
    skips_ = false;
    return run();
  }

  // Failing columns are left out: L is that of the others, with a row and a column of the identity
  // in place of each.
  std::vector<bool> factorise_others() {
    skips_ = true;
    skipped_.assign(a_.rows(), false);
    run();
    for (Index j = 0; j < a_.rows(); ++j) {
      if (skipped_[j]) a_.row(j).head(j).setZero();
    }
    return skipped_;
  }

 private:
  bool run() {
    const Index p = a_.rows();
    for (Index begin = 0; begin < p; begin += kPanel) {
      const Index end = std::min(begin + kPanel, p);
      for (Index j = begin; j < end; j += kSubPanel) {
        const Index next = std::min(j + kSubPanel, end);
        if (!factorise_columns(j, next)) return false;
        update(j, next, {next, p, next, end}, in_sequence);
      }
      update(begin, end, {end, p, end, p}, parallel_);
    }
    return true;
  }

  // The columns begin, ..., end - 1 of L, from what the columns before have left of them.
  bool factorise_columns(Index begin, Index end) {
    for (Index j = begin; j < end; ++j) {
      const Index below = end - j - 1;
      const auto row = a_.row(j).segment(begin, j - begin);
      const double pivot = a_(j, j) - row.squaredNorm();
      auto column = a_.col(j).segment(j + 1, below);
      if (!(pivot > least_[j])) {
        if (!skips_) return false;
        skipped_[j] = true;
        a_(j, j) = 1.0;
        column.setZero();
        a_.row(j).segment(begin, j - begin).setZero();
        continue;
      }
      a_(j, j) = std::sqrt(pivot);
      column -= a_.block(j + 1, begin, below, j - begin) * row.transpose();
      column /= a_(j, j);
    }
    const Index below = a_.rows() - end;
    auto rest = a_.block(end, begin, below, end - begin);
    const auto triangle = a_.block(begin, begin, end - begin, end - begin);
    triangle.triangularView<Eigen::Lower>().transpose().solveInPlace<Eigen::OnTheRight>(rest);
    if (!skips_) return true;
    for (Index j = begin; j < end; ++j) {
      if (skipped_[j]) a_.col(j).tail(below).setZero();
    }
    return true;
  }

  // a(i, j) -= L(i, begin:end) L(j, begin:end)'
  void update(Index begin, Index end, const Rectangle& part, const Parallel& parallel) {
    if (part.first_col >= part.last_col) return;
    pack_rows(a_.middleCols(begin, end - begin), part.first_col, packed_);
    add_products(packed_, packed_, -1.0, part, true, a_, parallel);
  }

  Matrix& a_;
  const Vector& least_;
  const Parallel& parallel_;
  bool skips_ = false;
  std::vector<bool> skipped_;
  PackedColumns packed_;
};

}  // namespace

bool factorise(Matrix& a, const Vector& least, const Parallel& parallel) {
  return BlockedCholesky(a, least, parallel).factorise();
}

std::vector<bool> factorise_others(Matrix& a, const Vector& least, const Parallel& parallel) {
  return BlockedCholesky(a, least, parallel).factorise_others();
}

void subtract_products(const ConstMatrixRef& block, Matrix& out, const Parallel& parallel) {
  PackedColumns packed;
  pack_columns(block, 0, packed);
  add_products(packed, packed, -1.0, {0, out.rows(), 0, out.cols()}, true, out, parallel);
}

Matrix inverse_from_factor(const ConstMatrixRef& upper, const Parallel& parallel) {
  const Index p = upper.rows();
  // With W = U'^-1 the inverse is W' W. Rows of W are found from the top: those above hold what has
  // been added up of the inverse, those below what is left of the identity.
  Matrix inverse = Matrix::Identity(p, p);
  PackedColumns factor;
  PackedColumns found;
  for (Index begin = 0; begin < p; begin += kPanel) {
    const Index end = std::min(begin + kPanel, p);
    const Index rows = end - begin;
    Matrix block = inverse.block(begin, 0, rows, end);
    upper.block(begin, begin, rows, rows)
        .triangularView<Eigen::Upper>()
        .transpose()
        .solveInPlace(block);
    pack_columns(block, 0, found);
    pack_columns(upper.middleRows(begin, rows), end, factor);
    add_products(factor, found, -1.0, {end, p, 0, end}, false, inverse, parallel);
    inverse.block(begin, 0, rows, end).setZero();
    add_products(found, found, 1.0, {0, end, 0, end}, true, inverse, parallel);
  }
  inverse.triangularView<Eigen::StrictlyUpper>() = inverse.transpose();
  return inverse;
}

}  // namespace fastlogit
