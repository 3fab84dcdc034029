// One column of numbers, read in place from wherever they are.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "../types.h"
#include "sources.h"

namespace fastlogit {

// The combination of levels of some factors in each row, the first factor running fastest. No
// factors: a single cell.
class Cells {
 public:
  // codes: 1, ..., levels for each row.
  void cross_with(const int* codes, int levels);

  int size() const { return size_; }

  void add_sources(Sources& sources) const;

  Cells select(const Selection& selection) const;

  // The cell of each row, counted from 1: the codes themselves where there is one factor, else
  // computed into the scratch memory.
  const int* read(Rows rows, std::vector<int>& scratch) const;

 private:
  struct Factor {
    const int* codes;
    int stride;
  };

  std::vector<Factor> factors_;
  int size_ = 1;
};

// A product of numbers, times a number for each cell. The empty product is 1.
class Column {
 public:
  explicit Column(std::vector<Numbers> numbers) : numbers_(std::move(numbers)) {}

  Column(std::vector<Numbers> numbers, Cells cells, std::vector<double> by_cell);

  // The numbers of some rows: where they are if they are there as such, else computed into the
  // scratch memory.
  const double* read(Rows rows, Vector& scratch) const;

  bool is_one() const { return by_cell_.empty() && numbers_.empty(); }

  void add_sources(Sources& sources) const;

  Column select(const Selection& selection) const;

 private:
  bool is_plain() const { return by_cell_.empty() && numbers_.size() == 1 && numbers_[0].doubles; }

  void look_up(Rows rows, double* out) const;

  std::vector<Numbers> numbers_;
  Cells cells_;
  std::vector<double> by_cell_;
};

// A term by cells: a row of Z has the column's number in the one cell to which the row belongs.
struct CellTerm {
  Cells cells;
  Column column;
  double scale;  // of the column, a power of two
};

}  // namespace fastlogit
