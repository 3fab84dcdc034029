// Where the sums of a design with factors of many levels go, where X' X is sparse: the levels of a
// factor never meet each other, so its block is diagonal, and what is left is its border with the
// columns of numbers and with those levels of other factors that it meets. Memory goes with the
// levels and the rows, not with squared levels.
//
// Rows are added up in slots: those of a cell side by side, as a row adds to all of them, so that
// it reaches for memory once for each of its terms. At the end the slots' sums go to their places
// on the pattern.
#pragma once

#include <Eigen/SparseCore>
#include <memory>
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

  Index slots() const { return static_cast<Index>(place_.size()); }

  // Where a cell meets itself, and in the slots that follow the columns of the numbers (a column of
  // numbers those up to itself); where the cells of the terms t and u < t meet, by row.
  Index of_cell(Index cell) const { return cell * (numbers_ + 1); }
  const int* of_pair(Index t, Index u) const { return pairs_[t * (t - 1) / 2 + u].data(); }

  // What the sums of the slots come to on the pattern.
  Vector to_pattern(const Vector& sums) const;

  // A value on the pattern; 0 for a slot of a cell without a column.
  double at(const ConstVectorRef& values, Index slot) const {
    return place_[slot] < 0 ? 0.0 : values[place_[slot]];
  }

 private:
  // Of the lower triangle.
  struct Entry {
    int column;
    int row;
    int slot;
  };

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

  // False where there are too many entries.
  bool find_slots(double most);

  // Of the cells that meet those of term u.
  bool find_pairs(Index u, double most);

  // Are there no more than `most` entries so far?
  bool is_worth(double most) const;

  void add_slot(Index a, Index b);

  void find_places(Index cols);

  // The levels of the widest factor first, where what they leave is small enough to be dense; else
  // whatever leaves few entries.
  std::shared_ptr<const SparseAnalysis> analysis(const std::vector<CellTerm>& terms) const;

  Index numbers_ = 0;
  std::vector<int> column_;             // of each cell, or -1
  std::vector<std::vector<int>> cell_;  // of each row, by term
  std::vector<Entry> entries_;
  std::shared_ptr<SparsePattern> pattern_;
  std::vector<int> place_;  // on the pattern, by slot
  std::vector<std::vector<int>> pairs_;
};

}  // namespace fastlogit
