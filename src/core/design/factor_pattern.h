// Where the sums of a design with factors of many levels go, where X' X is sparse: the levels of a
// factor never meet each other, so its block is diagonal, and what is left is its border with the
// columns of numbers and with those levels of other factors that it meets. Memory goes with the
// levels and the rows, not with squared levels.
#pragma once

#include <Eigen/SparseCore>
#include <memory>
#include <utility>
#include <vector>

#include "column.h"

namespace fastlogit {

class FactorPattern {
 public:
  // coding: C (cells x p), of which the first `numbers` cells are columns of numbers. Null where a
  // cell is no single column (of contrasts that are no indicators), or where the Cholesky factor of
  // X' X is nearly full.
  static std::shared_ptr<const FactorPattern> find(Index rows,
                                                   Index numbers,
                                                   const std::vector<CellTerm>& terms,
                                                   const Eigen::SparseMatrix<double>& coding);

  std::shared_ptr<const SparsePattern> pattern() const { return pattern_; }

  // Where on the pattern cells meet column j of the numbers, and themselves, by cell; and where the
  // cells of the terms t and u < t meet, by row. Negative: a cell without a column.
  const int* border(Index j) const { return border_.data() + j * cells(); }
  const int* own() const { return own_.data(); }
  const int* pair(Index t, Index u) const { return pairs_[t * (t - 1) / 2 + u].data(); }

 private:
  // Of the lower triangle: column and row.
  using Entry = std::pair<int, int>;

  // Rows by the cell of a term.
  struct Grouped {
    std::vector<Index> start;
    std::vector<int> row;
  };

  Index cells() const { return static_cast<Index>(column_.size()); }

  // False where a cell has several columns, or not by an indicator.
  bool find_columns(const Eigen::SparseMatrix<double>& coding);

  void read_cells(Index rows, const std::vector<CellTerm>& terms);

  Grouped grouped(Index term) const;

  // False where there are more than `most` of them.
  bool find_entries(double most);

  void find_pattern(Index cols);

  // The levels of the widest factor first, where what they leave is small enough to be dense; else
  // whatever leaves few entries.
  std::shared_ptr<const SparseAnalysis> analysis(const std::vector<CellTerm>& terms) const;

  void find_places();

  // The columns a and b meet there.
  int place(int a, int b) const;

  int column(Index term, int row) const { return column_[cell_[term][row]]; }

  Index numbers_ = 0;
  std::vector<int> column_;             // of each cell, or -1
  std::vector<std::vector<int>> cell_;  // of each row, by term
  std::vector<Grouped> groups_;
  std::vector<Entry> entries_;
  std::shared_ptr<SparsePattern> pattern_;
  std::vector<int> border_;  // cells x numbers
  std::vector<int> own_;
  std::vector<std::vector<int>> pairs_;
};

}  // namespace fastlogit
