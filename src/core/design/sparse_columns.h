// From the terms of a model formula to a sparse matrix by columns: what it takes to make one
// without the dense one, or the codes of a term's cells.
#pragma once

#include <Eigen/SparseCore>
#include <utility>
#include <vector>

#include "builder.h"

namespace fastlogit {

// Columns in their own units, terms one after another and the first variable of a term running
// fastest, as in DesignBuilder. Entries of zero are left out.
class SparseColumns {
 public:
  SparseColumns(const std::vector<std::vector<Variable>>& terms, Index rows);

  Index cols() const { return cols_; }

  // For each column the number of its first entry, and at last how many there are.
  std::vector<Index> starts() const;

  // next: starts().
  void write(std::vector<Index> next, int* row, double* value) const;

 private:
  using Contrasts = Eigen::SparseMatrix<double, Eigen::RowMajor>;

  struct Piece {
    std::vector<Numbers> numbers;
    const int* codes;
    Contrasts contrasts;
    Index stride;  // between the columns of the term that two columns of the variable make
  };

  using Term = std::vector<Piece>;

  // visit(row, column, value), for the entries of a column in the order of their rows.
  template <typename Visit>
  void for_each(const Visit& visit) const {
    for (const auto& [pieces, first] : terms_) {
      for (Index i = 0; i < rows_; ++i) multiply(pieces, 0, i, first, 1.0, visit);
    }
  }

  // The products of what a row has in the variables from number k on, times `value`.
  template <typename Visit>
  static void multiply(
      const Term& pieces, size_t k, Index row, Index column, double value, const Visit& visit) {
    if (value == 0.0) return;
    if (k == pieces.size()) return visit(row, column, value);
    const Piece& piece = pieces[k];
    if (piece.codes) {
      for (Contrasts::InnerIterator it(piece.contrasts, piece.codes[row] - 1); it; ++it) {
        multiply(pieces, k + 1, row, column + it.col() * piece.stride, value * it.value(), visit);
      }
      return;
    }
    for (const Numbers& numbers : piece.numbers) {
      multiply(pieces, k + 1, row, column, value * numbers.at(row), visit);
      column += piece.stride;
    }
  }

  Index rows_;
  Index cols_ = 0;
  std::vector<std::pair<Term, Index>> terms_;  // with the first column of each
};

}  // namespace fastlogit
