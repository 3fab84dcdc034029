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
  if (!found->find_entries(most)) return nullptr;
  found->find_pattern(coding.cols());
  const auto analysis = found->analysis(terms);
  if (static_cast<double>(analysis->entries()) > most) return nullptr;
  found->pattern_->analysis = analysis;
  found->find_places();
  return found;
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
  for (Index t = 0; t + 1 < static_cast<Index>(cell_.size()); ++t) groups_.push_back(grouped(t));
}

FactorPattern::Grouped FactorPattern::grouped(Index term) const {
  Grouped found;
  found.row.resize(cell_[term].size());
  for (size_t i = 0; i < found.row.size(); ++i) found.row[i] = static_cast<int>(i);
  found.start = sort_by(found.row, cells(), [&](int i) { return cell_[term][i]; });
  return found;
}

bool FactorPattern::find_entries(double most) {
  const auto add = [&](int a, int b) {
    if (a >= 0 && b >= 0) entries_.emplace_back(std::min(a, b), std::max(a, b));
  };
  for (Index cell = 0; cell < cells(); ++cell) {
    const Index least = std::min(cell + 1, numbers_);
    for (Index j = 0; j < least; ++j) add(column_[cell], column_[j]);
    if (cell >= numbers_) add(column_[cell], column_[cell]);
    if (static_cast<double>(entries_.size()) > most) return false;
  }
  std::vector<int> seen(cells());
  for (size_t t = 1; t < cell_.size(); ++t) {
    for (size_t u = 0; u < t; ++u) {
      std::fill(seen.begin(), seen.end(), -1);
      const Grouped& by_cell = groups_[u];
      for (Index cell = 0; cell < cells(); ++cell) {
        for (Index at = by_cell.start[cell]; at < by_cell.start[cell + 1]; ++at) {
          const int other = cell_[t][by_cell.row[at]];
          if (seen[other] == cell) continue;
          seen[other] = static_cast<int>(cell);
          add(column_[cell], column_[other]);
        }
        if (static_cast<double>(entries_.size()) > most) return false;
      }
    }
  }
  return entries_.size() < static_cast<size_t>(std::numeric_limits<int>::max());
}

void FactorPattern::find_pattern(Index cols) {
  sort_by(entries_, cols, [](const Entry& entry) { return entry.second; });
  sort_by(entries_, cols, [](const Entry& entry) { return entry.first; });
  // Two terms of the same factor meet in the same cells.
  entries_.erase(std::unique(entries_.begin(), entries_.end()), entries_.end());
  pattern_ = std::make_shared<SparsePattern>();
  pattern_->start.assign(cols + 1, 0);
  for (const Entry& entry : entries_) ++pattern_->start[entry.first + 1];
  for (Index j = 0; j < cols; ++j) pattern_->start[j + 1] += pattern_->start[j];
  for (const Entry& entry : entries_) pattern_->row.push_back(entry.second);
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

void FactorPattern::find_places() {
  const auto place_of = [&](Index a, Index b) {
    return column_[a] < 0 || column_[b] < 0 ? -1 : place(column_[a], column_[b]);
  };
  border_.resize(cells() * numbers_);
  own_.resize(cells());
  for (Index cell = 0; cell < cells(); ++cell) {
    own_[cell] = place_of(cell, cell);
    for (Index j = 0; j < numbers_; ++j) border_[j * cells() + cell] = place_of(cell, j);
  }
  std::vector<int> where(pattern_->size());
  for (size_t t = 1; t < cell_.size(); ++t) {
    for (size_t u = 0; u < t; ++u) {
      std::vector<int> by_row(cell_[t].size());
      const Grouped& by_cell = groups_[u];
      for (Index cell = 0; cell < cells(); ++cell) {
        const int own = column_[cell];
        for (Index k = own < 0 ? 0 : pattern_->start[own];
             k < (own < 0 ? 0 : pattern_->start[own + 1]);
             ++k) {
          where[pattern_->row[k]] = static_cast<int>(k);
        }
        for (Index at = by_cell.start[cell]; at < by_cell.start[cell + 1]; ++at) {
          const int row = by_cell.row[at];
          const int other = column(t, row);
          by_row[row] = own < 0 || other < 0 ? -1 : other > own ? where[other] : place(own, other);
        }
      }
      pairs_.push_back(std::move(by_row));
    }
  }
  std::vector<std::vector<int>>().swap(cell_);
  std::vector<Grouped>().swap(groups_);
}

int FactorPattern::place(int a, int b) const {
  const auto begin = pattern_->row.begin() + pattern_->start[std::min(a, b)];
  const auto end = pattern_->row.begin() + pattern_->start[std::min(a, b) + 1];
  return static_cast<int>(std::lower_bound(begin, end, std::max(a, b)) - pattern_->row.begin());
}

}  // namespace fastlogit
