#include "factor_pattern.h"

#include <algorithm>
#include <limits>

#include "../linalg/sparse_cholesky.h"

namespace fastlogit {

namespace {

// In the order of a number below `count`; of equal ones as they were.
template <typename Item, typename Key>
std::vector<Index> sort_by(std::vector<Item>& items, Index count, const Key& key) {
  std::vector<Index> start(count + 1, 0);
  for (const Item& item : items) ++start[key(item) + 1];
  for (Index k = 0; k < count; ++k) start[k + 1] += start[k];
  std::vector<Index> next(start.begin(), start.end() - 1);
  std::vector<Item> sorted(items.size());
  for (const Item& item : items) sorted[next[key(item)]++] = item;
  items = std::move(sorted);
  return start;
}

}  // namespace

std::shared_ptr<const FactorPattern> FactorPattern::find(
    Index rows,
    Index numbers,
    const std::vector<CellTerm>& terms,
    const Eigen::SparseMatrix<double>& coding) {
  const auto found = std::make_shared<FactorPattern>();
  found->numbers_ = numbers;
  const double most = most_worth_pattern(coding.cols());
  if (!found->find_columns(coding)) return nullptr;
  found->read_cells(rows, terms);
  if (!found->find_slots(most)) return nullptr;
  found->find_places(coding.cols());
  const auto analysis = found->analysis(terms);
  if (static_cast<double>(analysis->entries()) > most) return nullptr;
  found->pattern_->analysis = analysis;
  return found;
}

Vector FactorPattern::to_pattern(const Vector& sums) const {
  Vector values = Vector::Zero(static_cast<Index>(pattern_->row.size()));
  for (Index slot = 0; slot < slots(); ++slot) {
    if (place_[slot] >= 0) values[place_[slot]] += sums[slot];
  }
  return values;
}

bool FactorPattern::find_columns(const Eigen::SparseMatrix<double>& coding) {
  column_.assign(coding.rows(), -1);
  for (Index j = 0; j < coding.cols(); ++j) {
    for (Eigen::SparseMatrix<double>::InnerIterator it(coding, j); it; ++it) {
      if (column_[it.row()] != -1 || it.value() != 1.0) return false;
      column_[it.row()] = static_cast<int>(j);
    }
  }
  return true;
}

void FactorPattern::read_cells(Index rows, const std::vector<CellTerm>& terms) {
  Index before = numbers_ - 1;  // codes are counted from 1
  for (const CellTerm& term : terms) {
    std::vector<int> scratch;
    const int* const code = term.cells.read({0, rows}, scratch);
    cell_.emplace_back(rows);
    for (Index i = 0; i < rows; ++i) cell_.back()[i] = static_cast<int>(before + code[i]);
    before += term.cells.size();
  }
}

FactorPattern::Grouped FactorPattern::grouped(Index term) const {
  Grouped found;
  found.row.resize(cell_[term].size());
  for (size_t i = 0; i < found.row.size(); ++i) found.row[i] = static_cast<int>(i);
  found.start = sort_by(found.row, cells(), [&](int i) { return cell_[term][i]; });
  return found;
}

bool FactorPattern::find_slots(double most) {
  for (Index cell = 0; cell < cells(); ++cell) {
    add_slot(cell, cell);
    for (Index j = 0; j < numbers_; ++j) {
      if (j < cell) {
        add_slot(cell, j);
      } else {
        place_.push_back(-1);
      }
    }
    if (!is_worth(most)) return false;
  }
  const size_t terms = cell_.size();
  pairs_.resize(terms * (terms - 1) / 2);
  for (size_t u = 0; u + 1 < terms; ++u) {
    if (!find_pairs(u, most)) return false;
  }
  std::vector<std::vector<int>>().swap(cell_);
  return true;
}

bool FactorPattern::find_pairs(Index u, double most) {
  const Grouped by_cell = grouped(u);
  std::vector<Index> seen(cells());
  std::vector<int> slot(cells());
  for (size_t t = u + 1; t < cell_.size(); ++t) {
    std::vector<int>& by_row = pairs_[t * (t - 1) / 2 + u];
    by_row.resize(cell_[t].size());
    std::fill(seen.begin(), seen.end(), -1);
    for (Index cell = 0; cell < cells(); ++cell) {
      for (Index at = by_cell.start[cell]; at < by_cell.start[cell + 1]; ++at) {
        const int row = by_cell.row[at];
        const int other = cell_[t][row];
        if (seen[other] != cell) {
          seen[other] = cell;
          slot[other] = static_cast<int>(place_.size());
          add_slot(cell, other);
        }
        by_row[row] = slot[other];
      }
      if (!is_worth(most)) return false;
    }
  }
  return true;
}

bool FactorPattern::is_worth(double most) const {
  constexpr size_t kMostSlots = 1 << 30;  // they are counted in integers
  return static_cast<double>(entries_.size()) <= most && place_.size() < kMostSlots;
}

void FactorPattern::add_slot(Index a, Index b) {
  const int slot = static_cast<int>(place_.size());
  place_.push_back(-1);
  if (column_[a] < 0 || column_[b] < 0) return;
  entries_.push_back({std::min(column_[a], column_[b]), std::max(column_[a], column_[b]), slot});
}

void FactorPattern::find_places(Index cols) {
  sort_by(entries_, cols, [](const Entry& entry) { return entry.row; });
  sort_by(entries_, cols, [](const Entry& entry) { return entry.column; });
  pattern_ = std::make_shared<SparsePattern>();
  pattern_->start.assign(cols + 1, 0);
  pattern_->row.reserve(entries_.size());
  int last = -1;  // the column of the entry before
  for (const Entry& entry : entries_) {
    // Two terms of the same factor meet in the same cells.
    if (entry.column != last || entry.row != pattern_->row.back()) {
      pattern_->row.push_back(entry.row);
      ++pattern_->start[entry.column + 1];
      last = entry.column;
    }
    place_[entry.slot] = static_cast<int>(pattern_->row.size()) - 1;
  }
  for (Index j = 0; j < cols; ++j) pattern_->start[j + 1] += pattern_->start[j];
  std::vector<Entry>().swap(entries_);
}

std::shared_ptr<const SparseAnalysis> FactorPattern::analysis(
    const std::vector<CellTerm>& terms) const {
  constexpr Index kMostLeft = 2000;
  Index widest = 0;
  Index first = numbers_;
  Index before = numbers_;
  for (const CellTerm& term : terms) {
    if (term.cells.size() > widest) {
      widest = term.cells.size();
      first = before;
    }
    before += term.cells.size();
  }
  if (pattern_->size() - widest > kMostLeft) return std::make_shared<SparseAnalysis>(*pattern_);
  std::vector<bool> early(pattern_->size(), false);
  std::vector<int> order;
  for (Index cell = first; cell < first + widest; ++cell) {
    if (column_[cell] < 0) continue;
    order.push_back(column_[cell]);
    early[column_[cell]] = true;
  }
  for (Index j = 0; j < pattern_->size(); ++j) {
    if (!early[j]) order.push_back(static_cast<int>(j));
  }
  return std::make_shared<SparseAnalysis>(*pattern_, std::move(order));
}

}  // namespace fastlogit
