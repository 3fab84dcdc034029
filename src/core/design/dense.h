// A design of columns of numbers, each read in place.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "../linalg/gram.h"
#include "column.h"
#include "design.h"

namespace fastlogit {

// The design is X S for the columns X and powers of two S: columns of any magnitude come out below
// 1 in absolute value, without rounding, so that neither 1e300 nor 1e-300 leaves the range of
// doubles when squared.
class DenseDesign final : public Design {
 public:
  DenseDesign(Index rows, std::vector<Column> columns, Vector scale)
      : rows_(rows), columns_(std::move(columns)), scale_(std::move(scale)) {}

  Index rows() const override { return rows_; }
  Index cols() const override { return scale_.size(); }

  void predict(Rows rows, const ConstVectorRef& beta, VectorRef eta) const override {
    // Column by column, so that equal rows have equal predictors wherever they stand in a block.
    // Four at a time, since memory is quicker when it is asked for several streams at once.
    const Vector b = scale_.cwiseProduct(beta);
    Index j = 0;
    for (; j + 4 <= cols(); j += 4) {
      eta = (((eta + b[j] * column(j, rows, 0)) + b[j + 1] * column(j + 1, rows, 1)) +
             b[j + 2] * column(j + 2, rows, 2)) +
            b[j + 3] * column(j + 3, rows, 3);
    }
    for (; j < cols(); ++j) eta += b[j] * column(j, rows);
  }

  void add_score(Rows rows, const ConstVectorRef& residual, VectorRef score) const override {
    for (Index j = 0; j < cols(); ++j) score[j] += scale_[j] * column(j, rows).dot(residual);
  }

  void add_information(Rows rows,
                       const ConstVectorRef& weight,
                       MatrixRef information) const override {
    static thread_local GramBuffer buffer;
    buffer.begin(weight, cols());
    for (Index j = 0; j < cols(); ++j) buffer.pack_column(j, column(j, rows).data(), scale_[j]);
    buffer.add_gram(information);
  }

  void quadratic_form(Rows rows, const QuadraticForm& a, VectorRef out) const override {
    const auto write = [&](Index j, double* numbers) {
      Eigen::Map<Vector>(numbers, rows.size()) = scale_[j] * column(j, rows);
    };
    a.of_rows(rows.size(), write, out);
  }

  // visit(j, numbers, scale) for the columns, which are scale * numbers.
  template <typename Visit>
  void for_each_column(Rows rows, const Visit& visit) const {
    for (Index j = 0; j < cols(); ++j) visit(j, column(j, rows), scale_[j]);
  }

  void copy(Rows rows, MatrixRef out) const override {
    for (Index j = 0; j < cols(); ++j) out.col(j) = scale_[j] * column(j, rows);
  }

  bool add_sources(Sources& sources) const override {
    for (const Column& column : columns_) column.add_sources(sources);
    return true;
  }

  DenseDesign selected(const Selection& selection) const {
    std::vector<Column> columns;
    for (const Column& column : columns_) columns.push_back(column.select(selection));
    return {selection.rows(), std::move(columns), scale_};
  }

  std::unique_ptr<Design> select(const Selection& selection) const override {
    return std::make_unique<DenseDesign>(selected(selection));
  }

 private:
  // Valid until the next column is read into the same slot.
  Eigen::Map<const Vector> column(Index j, Rows rows, int slot = 0) const {
    static thread_local Vector scratch[kSlots];
    return {columns_[j].read(rows, scratch[slot]), rows.size()};
  }

  static constexpr int kSlots = 4;

  Index rows_;
  std::vector<Column> columns_;
  Vector scale_;
};

}  // namespace fastlogit
