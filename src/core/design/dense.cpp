#include "dense.h"

#include <algorithm>
#include <utility>

#include "../linalg/columns.h"
#include "../linalg/factored_gram.h"
#include "../linalg/gram.h"
#include "../linalg/quadratic_form.h"

namespace fastlogit {

DenseDesign::DenseDesign(Index rows, std::vector<Column> columns, Vector scale)
    : rows_(rows), columns_(std::move(columns)), scale_(std::move(scale)) {}

// Column by column, so that equal rows have equal predictors wherever they stand in a block.
void DenseDesign::predict(Rows rows, const ConstVectorRef& beta, VectorRef eta) const {
  const Vector b = scale_.cwiseProduct(beta);
  const double* numbers[2][kColumnsTogether];
  read_columns(rows, 0, 0, numbers[0]);
  int half = 0;
  for (Index first = 0; first < cols(); first += kColumnsTogether, half = 1 - half) {
    const int count = columns_from(first);
    std::copy_n(numbers[half], count, numbers[1 - half]);
    read_columns(rows, first + kColumnsTogether, 1 - half, numbers[1 - half]);
    column_kernels().add[count - 1](
        numbers[half], numbers[1 - half], b.data() + first, rows.size(), eta.data());
  }
}

void DenseDesign::add_score(Rows rows, const ConstVectorRef& residual, VectorRef score) const {
  for_some_columns(rows, [&](Index first, int count, const double* const* numbers) {
    double sums[kColumnsTogether];
    column_kernels().multiply[count - 1](numbers, residual.data(), rows.size(), sums);
    for (int k = 0; k < count; ++k) score[first + k] += scale_[first + k] * sums[k];
  });
}

void DenseDesign::add_scores(Rows rows,
                             const ConstVectorRef& residual,
                             const int* group,
                             MatrixRef sums) const {
  for (Index j = 0; j < cols(); ++j) {
    const Eigen::Map<const Vector> numbers = column(j, rows);
    double* const of_column = sums.col(j).data();
    for (Index i = 0; i < rows.size(); ++i) {
      if (group[i] >= 0) of_column[group[i]] += residual[i] * (scale_[j] * numbers[i]);
    }
  }
}

void DenseDesign::add_information(Rows rows,
                                  const ConstVectorRef& weight,
                                  MatrixRef information) const {
  static thread_local GramBuffer buffer;
  buffer.begin(weight, cols());
  for (Index j = 0; j < cols(); ++j) buffer.pack_column(j, column(j, rows).data(), scale_[j]);
  buffer.add_gram(information);
}

void DenseDesign::add_draft(Rows rows, const ConstVectorRef& weight, MatrixRef information) const {
  if (cols() < kPanelColumns) return add_information(rows, weight, information);
  static thread_local PanelGramBuffer buffer;
  buffer.begin(weight, cols());
  for_some_columns(rows, [&](Index first, int count, const double* const* numbers) {
    buffer.pack_columns(first, count, numbers, scale_.data() + first);
  });
  buffer.add_gram(information);
}

void DenseDesign::add_factored(Rows rows,
                               const ConstMatrixRef& diagonal,
                               const ConstMatrixRef& root,
                               MatrixRef information) const {
  static thread_local FactoredGramBuffer buffer;
  buffer.begin(root, cols());
  for (Index j = 0; j < cols(); ++j) buffer.pack_column(j, column(j, rows).data(), scale_[j]);
  buffer.subtract_grams(information);
  for (Index k = 0; k < root.cols(); ++k) {
    add_information(
        rows, diagonal.col(k), information.block(k * cols(), k * cols(), cols(), cols()));
  }
}

void DenseDesign::quadratic_form(Rows rows, const QuadraticForm& a, VectorRef out) const {
  const auto write = [&](Index j, double* numbers) {
    Eigen::Map<Vector>(numbers, rows.size()) = scale_[j] * column(j, rows);
  };
  a.of_rows(rows.size(), write, out);
}

void DenseDesign::copy(Rows rows, MatrixRef out) const {
  for (Index j = 0; j < cols(); ++j) out.col(j) = scale_[j] * column(j, rows);
}

bool DenseDesign::add_sources(Sources& sources) const {
  for (const Column& column : columns_) column.add_sources(sources);
  return true;
}

DenseDesign DenseDesign::selected(const Selection& selection) const {
  std::vector<Column> columns;
  for (const Column& column : columns_) columns.push_back(column.select(selection));
  return {selection.rows(), std::move(columns), scale_};
}

std::unique_ptr<Design> DenseDesign::select(const Selection& selection) const {
  return std::make_unique<DenseDesign>(selected(selection));
}

std::unique_ptr<Design> DenseDesign::with_column(const double* column) const {
  std::vector<Column> columns = columns_;
  columns.emplace_back(std::vector<Numbers>{{column, nullptr}});
  Vector scale(cols() + 1);
  scale << scale_, 1.0;
  return std::make_unique<DenseDesign>(rows_, std::move(columns), std::move(scale));
}

template <typename Visit>
void DenseDesign::for_some_columns(Rows rows, const Visit& visit) const {
  for (Index first = 0; first < cols(); first += kColumnsTogether) {
    const int count = columns_from(first);
    const double* numbers[kColumnsTogether];
    read_columns(rows, first, 0, numbers);
    visit(first, count, numbers);
  }
}

int DenseDesign::columns_from(Index first) const {
  return static_cast<int>(
      std::clamp<Index>(cols() - first, 0, static_cast<Index>(kColumnsTogether)));
}

void DenseDesign::read_columns(Rows rows, Index first, int half, const double** numbers) const {
  for (int k = 0; k < columns_from(first); ++k) {
    numbers[k] = column(first + k, rows, half * kColumnsTogether + k).data();
  }
}

Eigen::Map<const Vector> DenseDesign::column(Index j, Rows rows, int slot) const {
  static thread_local Vector scratch[2 * kColumnsTogether];
  return {columns_[j].read(rows, scratch[slot]), rows.size()};
}

}  // namespace fastlogit
