#include "builder.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "dense.h"
#include "factor.h"

namespace fastlogit {

namespace {

using Entry = Eigen::SparseMatrix<double>::InnerIterator;

}  // namespace

// The factors of a term together.
struct DesignBuilder::Coding {
  Cells cells;
  Eigen::SparseMatrix<double> matrix;  // cells x columns
  std::vector<Index> positions{0};     // of the columns among those of the term

  Coding() : matrix(1, 1) { matrix.insert(0, 0) = 1.0; }

  void cross_with(const Variable& factor, Index stride) {
    std::vector<Triplet> entries;
    std::vector<Index> crossed;
    const Index rows = matrix.rows();
    const Index cols = matrix.cols();
    for (Index k = 0; k < factor.contrasts.cols(); ++k) {
      for (const Index position : positions) crossed.push_back(position + k * stride);
      for (Entry outer(factor.contrasts, k); outer; ++outer) {
        for (Index j = 0; j < cols; ++j) {
          for (Entry inner(matrix, j); inner; ++inner) {
            entries.emplace_back(
                inner.row() + rows * outer.row(), j + cols * k, inner.value() * outer.value());
          }
        }
      }
    }
    matrix.resize(rows * factor.contrasts.rows(), cols * factor.contrasts.cols());
    matrix.setFromTriplets(entries.begin(), entries.end());
    cells.cross_with(factor.codes, static_cast<int>(factor.contrasts.rows()));
    positions = std::move(crossed);
  }

  // What brings the entries of a column to 1 or below.
  double scale(Index column) const {
    double largest = 0.0;
    for (Entry it(matrix, column); it; ++it) largest = std::max(largest, std::fabs(it.value()));
    return 1.0 / power_of_two_above(largest);
  }
};

void DesignBuilder::add(const std::vector<Variable>& term) {
  std::vector<Product> products(1);
  Coding coding;
  Index stride = 1;
  for (const Variable& variable : term) {
    if (variable.is_factor()) {
      coding.cross_with(variable, stride);
    } else {
      products = multiply(products, variable, stride);
    }
    stride *= variable.cols();
  }
  for (const Product& product : products) {
    if (coding.matrix.cols() < kWorthCells) {
      add_columns(product, coding);
    } else {
      add_cells(product, coding);
    }
  }
  next_ += stride;
}

std::unique_ptr<Design> DesignBuilder::build(bool sparse) {
  std::vector<Column> columns;
  Vector scale(positions_.size());
  if (cell_terms_.empty()) {
    std::vector<Index> order(positions_.size());
    for (size_t k = 0; k < order.size(); ++k) order[positions_[k]] = k;
    for (const Index k : order) columns.push_back(std::move(columns_[k]));
    return std::make_unique<DenseDesign>(rows_, std::move(columns), scale_);
  }
  std::vector<Triplet> entries;
  for (size_t k = 0; k < positions_.size(); ++k) {
    scale[k] = scale_[positions_[k]];
    entries.emplace_back(k, positions_[k], 1.0);
  }
  const Index dense = scale.size();
  for (const Triplet& t : cell_entries_) entries.emplace_back(dense + t.row(), t.col(), t.value());
  Eigen::SparseMatrix<double> coding(dense + cells_, scale_.size());
  coding.setFromTriplets(entries.begin(), entries.end());
  return std::make_unique<FactorDesign>(DenseDesign(rows_, std::move(columns_), std::move(scale)),
                                        std::move(cell_terms_),
                                        std::move(coding),
                                        sparse);
}

std::vector<DesignBuilder::Product> DesignBuilder::multiply(const std::vector<Product>& products,
                                                            const Variable& variable,
                                                            Index stride) {
  std::vector<Product> multiplied;
  for (Index k = 0; k < variable.cols(); ++k) {
    for (Product product : products) {
      product.numbers.push_back(variable.numbers[k]);
      product.scale /= power_of_two_above(variable.largest[k]);
      product.position += k * stride;
      multiplied.push_back(std::move(product));
    }
  }
  return multiplied;
}

void DesignBuilder::add_columns(const Product& product, const Coding& coding) {
  for (Index j = 0; j < coding.matrix.cols(); ++j) {
    std::vector<double> by_cell;
    if (coding.cells.size() > 1) {
      const Vector values = coding.matrix.col(j);
      by_cell.assign(values.data(), values.data() + values.size());
    }
    positions_.push_back(next_ + product.position + coding.positions[j]);
    scale_[positions_.back()] = product.scale * coding.scale(j);
    columns_.emplace_back(product.numbers, coding.cells, std::move(by_cell));
  }
}

void DesignBuilder::add_cells(const Product& product, const Coding& coding) {
  for (Index j = 0; j < coding.matrix.cols(); ++j) {
    const Index position = next_ + product.position + coding.positions[j];
    const double scale = coding.scale(j);
    scale_[position] = product.scale * scale;
    for (Entry it(coding.matrix, j); it; ++it) {
      cell_entries_.emplace_back(cells_ + it.row(), position, it.value() * scale);
    }
  }
  cells_ += coding.cells.size();
  cell_terms_.push_back({coding.cells, Column(product.numbers), product.scale});
}

}  // namespace fastlogit
