// From the terms of a model formula to a design: which terms are stored as columns of numbers, and
// which as integer codes.
#pragma once

#include <Eigen/SparseCore>
#include <memory>
#include <vector>

#include "../linalg/scaling.h"
#include "column.h"
#include "design.h"

namespace fastlogit {

// A variable of a term: columns of numbers, or a factor with its contrasts.
struct Variable {
  std::vector<Numbers> numbers;
  Vector largest;  // of each column, in absolute value

  const int* codes = nullptr;             // of a factor: 1, ..., levels
  Eigen::SparseMatrix<double> contrasts;  // levels x columns

  bool is_factor() const { return codes != nullptr; }
  Index cols() const { return is_factor() ? contrasts.cols() : static_cast<Index>(numbers.size()); }
};

class DesignBuilder {
 public:
  DesignBuilder(Index rows, Index cols) : rows_(rows), scale_(Vector::Ones(cols)) {}

  // The columns of a term are the products of one column of each of its variables, the first
  // variable running fastest; a term without variables is the intercept.
  void add(const std::vector<Variable>& term);

  // Of the columns: powers of two.
  const Vector& scale() const { return scale_; }

  // sparse: is X' X to be sparse, where it can be?
  std::unique_ptr<Design> build(bool sparse = false);

 private:
  using Triplet = Eigen::Triplet<double>;

  // A term of fewer columns than this is cheaper as columns: tiles of dot products do a dozen of
  // them in the time of one scattered sum.
  static constexpr Index kWorthCells = 16;

  // A product of numbers, and where its column is among those of the term.
  struct Product {
    std::vector<Numbers> numbers;
    double scale = 1.0;
    Index position = 0;
  };

  struct Coding;

  static std::vector<Product> multiply(const std::vector<Product>& products,
                                       const Variable& variable,
                                       Index stride);

  void add_columns(const Product& product, const Coding& coding);

  void add_cells(const Product& product, const Coding& coding);

  Index rows_;
  Vector scale_;
  Index next_ = 0;  // the first column of the next term
  std::vector<Column> columns_;
  std::vector<Index> positions_;  // of these columns in X
  std::vector<CellTerm> cell_terms_;
  std::vector<Triplet> cell_entries_;  // of C, the cells counted after the columns
  Index cells_ = 0;
};

}  // namespace fastlogit
