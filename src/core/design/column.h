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
  void cross_with(const int* codes, int levels) {
    factors_.push_back({codes, size_});
    size_ *= levels;
  }

  int size() const { return size_; }

  void add_sources(Sources& sources) const {
    for (const Factor& factor : factors_) sources.add({nullptr, factor.codes});
  }

  Cells select(const Selection& selection) const {
    Cells selected = *this;
    for (Factor& factor : selected.factors_) {
      factor.codes = selection.of({nullptr, factor.codes}).integers;
    }
    return selected;
  }

  // The cell of each row, counted from 1: the codes themselves where there is one factor, else
  // computed into the scratch memory.
  const int* read(Rows rows, std::vector<int>& scratch) const {
    if (factors_.size() == 1) return factors_[0].codes + rows.begin;
    scratch.assign(rows.size(), 1);
    for (const Factor& factor : factors_) {
      const int* const codes = factor.codes + rows.begin;
      for (Index i = 0; i < rows.size(); ++i) scratch[i] += (codes[i] - 1) * factor.stride;
    }
    return scratch.data();
  }

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

  Column(std::vector<Numbers> numbers, Cells cells, std::vector<double> by_cell)
      : numbers_(std::move(numbers)), cells_(std::move(cells)), by_cell_(std::move(by_cell)) {}

  // The numbers of some rows: where they are if they are there as such, else computed into the
  // scratch memory.
  const double* read(Rows rows, Vector& scratch) const {
    if (is_plain()) return numbers_[0].doubles + rows.begin;
    if (scratch.size() < rows.size()) scratch.resize(rows.size());
    double* const out = scratch.data();
    if (!by_cell_.empty()) {
      look_up(rows, out);
    } else if (is_one()) {
      std::fill(out, out + rows.size(), 1.0);
    } else {
      numbers_[0].copy_to(rows, out);
    }
    for (size_t k = by_cell_.empty(); k < numbers_.size(); ++k) {
      numbers_[k].multiply_into(rows, out);
    }
    return out;
  }

  bool is_one() const { return by_cell_.empty() && numbers_.empty(); }

  void add_sources(Sources& sources) const {
    for (const Numbers& numbers : numbers_) sources.add(numbers);
    cells_.add_sources(sources);
  }

  Column select(const Selection& selection) const {
    Column selected = *this;
    for (Numbers& numbers : selected.numbers_) numbers = selection.of(numbers);
    selected.cells_ = cells_.select(selection);
    return selected;
  }

 private:
  bool is_plain() const { return by_cell_.empty() && numbers_.size() == 1 && numbers_[0].doubles; }

  void look_up(Rows rows, double* out) const {
    static thread_local std::vector<int> scratch;
    const int* const cell = cells_.read(rows, scratch);
    for (Index i = 0; i < rows.size(); ++i) out[i] = by_cell_[cell[i] - 1];
  }

  std::vector<Numbers> numbers_;
  Cells cells_;
  std::vector<double> by_cell_;
};

}  // namespace fastlogit
