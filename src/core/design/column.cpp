#include "column.h"

namespace fastlogit {

void Cells::cross_with(const int* codes, int levels) {
  factors_.push_back({codes, size_});
  size_ *= levels;
}

void Cells::add_sources(Sources& sources) const {
  for (const Factor& factor : factors_) sources.add({nullptr, factor.codes});
}

Cells Cells::select(const Selection& selection) const {
  Cells selected = *this;
  for (Factor& factor : selected.factors_) {
    factor.codes = selection.of({nullptr, factor.codes}).integers;
  }
  return selected;
}

const int* Cells::read(Rows rows, std::vector<int>& scratch) const {
  if (factors_.size() == 1) return factors_[0].codes + rows.begin;
  scratch.assign(rows.size(), 1);
  for (const Factor& factor : factors_) {
    const int* const codes = factor.codes + rows.begin;
    for (Index i = 0; i < rows.size(); ++i) scratch[i] += (codes[i] - 1) * factor.stride;
  }
  return scratch.data();
}

Column::Column(std::vector<Numbers> numbers, Cells cells, std::vector<double> by_cell)
    : numbers_(std::move(numbers)), cells_(std::move(cells)), by_cell_(std::move(by_cell)) {}

const double* Column::read(Rows rows, Vector& scratch) const {
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

void Column::add_sources(Sources& sources) const {
  for (const Numbers& numbers : numbers_) sources.add(numbers);
  cells_.add_sources(sources);
}

Column Column::select(const Selection& selection) const {
  Column selected = *this;
  for (Numbers& numbers : selected.numbers_) numbers = selection.of(numbers);
  selected.cells_ = cells_.select(selection);
  return selected;
}

void Column::look_up(Rows rows, double* out) const {
  static thread_local std::vector<int> scratch;
  const int* const cell = cells_.read(rows, scratch);
  for (Index i = 0; i < rows.size(); ++i) out[i] = by_cell_[cell[i] - 1];
}

}  // namespace fastlogit
