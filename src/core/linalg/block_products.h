// Products of packed blocks, of which the factors and inverses of large dense matrices are made.
//
// Eigen compiled by R's default flags reaches a fifth of what the machine can do. Nearly all of the
// work is products of the form A' B, so they are left to the kernels of X' W X: blocks of
// kPanel rows or columns are packed, and what lies beyond them is updated by tiles. Each element is
// written by one task in a fixed order: any number of threads gives the same bits.
#pragma once

#include <algorithm>
#include <vector>

#include "kernels.h"
#include "parallel.h"

namespace fastlogit {

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
                  const Parallel& parallel);

// The same for all of a small matrix.
void add_block(const PackedColumns& a, const PackedColumns& b, double sign, MatrixRef out);

// out -= B' B for a block of a few hundred rows; what is above the diagonal means nothing
// afterwards.
void subtract_products(const ConstMatrixRef& block, Matrix& out, const Parallel& parallel);

// Row i of `block` becomes column first + i of `packed`.
void pack_rows(const ConstMatrixRef& block, Index first, PackedColumns& packed);

// Column j of `block` becomes column j of `packed`, from `first` on.
void pack_columns(const ConstMatrixRef& block,
                  Index first,
                  PackedColumns& packed,
                  const Parallel& parallel);

// What is above the diagonal becomes what is below it.
void mirror_lower(Matrix& a, const Parallel& parallel);

// X L'^-1, for the lower triangular L of a panel: each row of X by itself. What is above the
// diagonal of L is not read.
class PanelTriangle {
 public:
  // left_out: columns of X that are to be zero, by number.
  explicit PanelTriangle(const ConstMatrixRef& lower, std::vector<Index> left_out = {});

  void solve_rows(MatrixRef x) const;

 private:
  void pack(Index begin, Index end);

  // Columns are solved for in halves, for products that are as deep as can be.
  void solve(Index begin, Index end, PackedColumns& scratch, MatrixRef x) const;

  void solve_columns(Index begin, Index end, MatrixRef x) const;

  Matrix lower_;
  std::vector<Index> left_out_;
  std::vector<PackedColumns> below_;  // by the middle: the rows from there on, of the half before
};

// visit(first, last) for rows, or columns, that are solved for together.
template <typename Visit>
void for_each_run(Index begin, Index end, const Parallel& parallel, const Visit& visit) {
  constexpr Index kRun = 128;
  if (begin >= end) return;
  parallel((end - begin + kRun - 1) / kRun, [&](Index task) {
    const Index first = begin + task * kRun;
    visit(first, std::min(first + kRun, end));
  });
}

}  // namespace fastlogit
