#include "stored_rows.h"

#include <algorithm>

#include "../sums/separate_predictors.h"

namespace fastlogit {

BlockReader::BlockReader(const StoredRows& rows)
    : rows_(rows), in_(rows.stored.reader()), variables_(rows.design.variables.size()) {
  const Index n = rows.stored.block_rows();
  for (size_t k = 0; k < variables_.size(); ++k) {
    const StoredVariable& stored = rows.design.variables[k];
    if (stored.table.empty()) {
      variables_[k].numbers.assign(stored.columns.size(), std::vector<double>(n));
    } else {
      variables_[k].codes.resize(n);
    }
  }
}

Piece BlockReader::read(Index number) {
  const Index n = rows_.stored.block(number).size();
  if (!design_ || design_->rows() != n) design_ = builder(n).build();
  for (size_t k = 0; k < variables_.size(); ++k) {
    const StoredVariable& stored = rows_.design.variables[k];
    if (!stored.table.empty()) {
      constexpr int kFirstLevel = 1;
      in_->read(number, stored.columns[0], stored.table, kFirstLevel, variables_[k].codes.data());
      continue;
    }
    for (size_t j = 0; j < stored.columns.size(); ++j) {
      in_->read(number, stored.columns[j], variables_[k].numbers[j].data());
    }
  }
  return {*design_, read_response(number, n), offset_.size() ? offset_.data() : nullptr};
}

DesignBuilder BlockReader::builder(Index n) const {
  DesignBuilder builder(n, rows_.design.columns);
  for (const StoredTerm& term : rows_.design.terms) {
    std::vector<Variable> of_term;
    for (size_t k = 0; k < term.variables.size(); ++k) {
      const Buffers& buffers = variables_[term.variables[k]];
      Variable variable;
      if (buffers.codes.empty()) {
        for (const auto& column : buffers.numbers) {
          variable.numbers.push_back({column.data(), nullptr});
        }
        variable.largest = rows_.design.variables[term.variables[k]].largest;
      } else {
        variable.codes = buffers.codes.data();
        variable.contrasts = term.contrasts[k];
      }
      of_term.push_back(std::move(variable));
    }
    builder.add(of_term);
  }
  return builder;
}

Response BlockReader::read_response(Index number, Index n) {
  const StoredResponse& stored = rows_.response;
  y_.resize(n, static_cast<Index>(stored.y.size()));
  for (size_t j = 0; j < stored.y.size(); ++j) {
    if (stored.outcome.empty()) {
      in_->read(number, stored.y[j], y_.col(j).data());
    } else {
      in_->read(number, stored.y[j], stored.outcome, y_.col(j).data());
    }
  }
  read_columns(number, n, stored.complement, complement_);
  read_columns(number, n, stored.weight, weight_);
  if (stored.unit != 1.0) weight_ /= stored.unit;
  read_columns(number, n, stored.offset, offset_);
  read_columns(number, n, stored.base, base_);
  if (base_.size()) offset_.colwise() -= base_.col(0);
  if (!stored.category.empty()) {
    category_.resize(n);
    constexpr int kFirstClass = 0;
    in_->read(number, stored.category[0], stored.classes, kFirstClass, category_.data());
  }
  if (!stored.set.empty()) {
    Vector numbers(n);
    in_->read(number, stored.set[0], numbers.data());
    set_.assign(numbers.data(), numbers.data() + n);
  }
  if (rows_.leave_out.size()) leave_out(n);
  return {y_.size() ? y_.data() : nullptr,
          complement_.size() ? complement_.data() : nullptr,
          weight_.size() ? weight_.data() : nullptr,
          stored.category.empty() ? nullptr : category_.data(),
          y_.cols() > 1 ? n : 0,
          stored.single,
          0.0,
          set_.empty() ? nullptr : set_.data()};
}

void BlockReader::read_columns(Index number,
                               Index n,
                               const std::vector<int>& columns,
                               Matrix& out) {
  out.resize(n, static_cast<Index>(columns.size()));
  for (size_t j = 0; j < columns.size(); ++j) in_->read(number, columns[j], out.col(j).data());
}

void BlockReader::leave_out(Index n) {
  constexpr double kZero = 1e-9;
  const Index p = design_->cols();
  const Index predictors = rows_.leave_out.size() / p;
  const SeparatePredictors of_rows(*design_, predictors, false);
  Matrix along = Matrix::Zero(n, predictors);
  of_rows.predict({0, n}, of_rows.to_cells(rows_.leave_out), along);
  if (predictors > 1) return leave_out_classes(along, kZero);
  if (weight_.size() == 0) weight_ = Matrix::Ones(n, 1);
  weight_ = (along.array().abs() > kZero).select(0.0, weight_);
}

void BlockReader::leave_out_classes(const Matrix& along, double zero) {
  constexpr double kOut = 1e4;
  if (offset_.size() == 0) offset_ = Matrix::Zero(along.rows(), along.cols());
  for (Index i = 0; i < along.rows(); ++i) {
    const double ahead = std::max(0.0, along.row(i).maxCoeff()) - zero;
    for (Index j = 0; j < along.cols(); ++j) {
      const bool out = along(i, j) < ahead;
      if (out) offset_(i, j) -= kOut;
      if (!out && 0.0 < ahead) offset_(i, j) += kOut;
    }
  }
}

}  // namespace fastlogit
