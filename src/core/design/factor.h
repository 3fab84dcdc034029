// A design with factors of many levels, stored as integer codes: what a factor adds to the sums are
// sums by level and cross-tables, so a row costs as much as it has terms, not levels.
#pragma once

#include <Eigen/SparseCore>
#include <memory>
#include <utility>
#include <vector>

#include "column.h"
#include "dense.h"
#include "design.h"

namespace fastlogit {

// A term by cells: a row of Z has the column's number in the one cell to which the row belongs.
struct CellTerm {
  Cells cells;
  Column column;
  double scale;  // of the column, a power of two
};

class FactorDesign final : public Design {
 public:
  // coding: C (cells x p); the cells are the columns of `dense`, then those of one term after
  // another.
  FactorDesign(DenseDesign dense, std::vector<CellTerm> terms, Eigen::SparseMatrix<double> coding)
      : dense_(std::move(dense)),
        terms_(std::move(terms)),
        coding_(std::move(coding)),
        by_cell_(coding_) {}

  Index rows() const override { return dense_.rows(); }
  Index cols() const override { return coding_.cols(); }
  Index cells() const override { return coding_.rows(); }

  Vector to_cells(const ConstVectorRef& beta) const override { return coding_ * beta; }

  Vector from_cells(const ConstVectorRef& score) const override {
    return coding_.transpose() * score;
  }

  Matrix information_from_cells(const ConstMatrixRef& information) const override {
    const Matrix half = coding_.transpose() * information;
    return half * coding_;
  }

  Matrix form_to_cells(const ConstMatrixRef& form) const override {
    const Matrix half = coding_ * form;
    return half * coding_.transpose();
  }

  void predict(Rows rows, const ConstVectorRef& beta, VectorRef eta) const override {
    dense_.predict(rows, beta.head(dense_.cols()), eta);
    for (const Entries& term : entries(rows)) {
      for (Index i = 0; i < rows.size(); ++i) eta[i] += beta[term.cell[i]] * term.value[i];
    }
  }

  void add_score(Rows rows, const ConstVectorRef& residual, VectorRef score) const override {
    dense_.add_score(rows, residual, score.head(dense_.cols()));
    for (const Entries& term : entries(rows)) {
      for (Index i = 0; i < rows.size(); ++i) score[term.cell[i]] += residual[i] * term.value[i];
    }
  }

  void add_information(Rows rows,
                       const ConstVectorRef& weight,
                       MatrixRef information) const override {
    const Index m = dense_.cols();
    dense_.add_information(rows, weight, information.topLeftCorner(m, m));
    Matrix columns(rows.size(), m);
    dense_.copy(rows, columns);
    const std::vector<Entries> terms = entries(rows);
    for (size_t t = 0; t < terms.size(); ++t) {
      const Entries& term = terms[t];
      const Vector weighted = weight.cwiseProduct(term.value);
      for (Index j = 0; j < m; ++j) {
        for (Index i = 0; i < rows.size(); ++i) {
          information(term.cell[i], j) += weighted[i] * columns(i, j);
        }
      }
      for (size_t u = 0; u <= t; ++u) {
        const Entries& other = terms[u];
        for (Index i = 0; i < rows.size(); ++i) {
          information(term.cell[i], other.cell[i]) += weighted[i] * other.value[i];
        }
      }
    }
  }

  void quadratic_form(Rows rows, const QuadraticForm& a, VectorRef out) const override {
    const Index m = dense_.cols();
    const Matrix& form = a.matrix();
    dense_.quadratic_form(rows, QuadraticForm(form.topLeftCorner(m, m)), out);
    Matrix columns(rows.size(), m);
    dense_.copy(rows, columns);
    const std::vector<Entries> terms = entries(rows);
    for (size_t t = 0; t < terms.size(); ++t) {
      const Entries& term = terms[t];
      for (Index i = 0; i < rows.size(); ++i) {
        // What the row has of the terms before this one.
        double others = 0.0;
        for (Index j = 0; j < m; ++j) others += form(j, term.cell[i]) * columns(i, j);
        for (size_t u = 0; u < t; ++u) {
          others += form(terms[u].cell[i], term.cell[i]) * terms[u].value[i];
        }
        const double own = form(term.cell[i], term.cell[i]) * term.value[i];
        out[i] += term.value[i] * (own + 2.0 * others);
      }
    }
  }

  void copy(Rows rows, MatrixRef out) const override {
    out.setZero();
    const Index m = dense_.cols();
    Matrix columns(rows.size(), m);
    dense_.copy(rows, columns);
    for (Index j = 0; j < m; ++j) {
      for (ByCell::InnerIterator it(by_cell_, j); it; ++it) out.col(it.col()) = columns.col(j);
    }
    for (const Entries& term : entries(rows)) {
      for (Index i = 0; i < rows.size(); ++i) {
        for (ByCell::InnerIterator it(by_cell_, term.cell[i]); it; ++it) {
          out(i, it.col()) = it.value() * term.value[i];
        }
      }
    }
  }

  bool add_sources(Sources& sources) const override {
    for (const CellTerm& term : terms_) {
      term.cells.add_sources(sources);
      term.column.add_sources(sources);
    }
    return dense_.add_sources(sources);
  }

  std::unique_ptr<Design> select(const Selection& selection) const override {
    std::vector<CellTerm> terms;
    for (const CellTerm& term : terms_) {
      terms.push_back({term.cells.select(selection), term.column.select(selection), term.scale});
    }
    return std::make_unique<FactorDesign>(dense_.selected(selection), std::move(terms), coding_);
  }

 private:
  using ByCell = Eigen::SparseMatrix<double, Eigen::RowMajor>;

  // What some rows have of a term.
  struct Entries {
    std::vector<int> cell;  // counted over all the cells of the design
    Vector value;
  };

  std::vector<Entries> entries(Rows rows) const {
    std::vector<Entries> all(terms_.size());
    Index first = dense_.cols();
    for (size_t t = 0; t < terms_.size(); ++t) {
      Vector scratch;
      const double* const value = terms_[t].column.read(rows, scratch);
      all[t].value = terms_[t].scale * Eigen::Map<const Vector>(value, rows.size());
      all[t].cell.resize(rows.size());
      terms_[t].cells.find(rows, static_cast<int>(first), all[t].cell.data());
      first += terms_[t].cells.size();
    }
    return all;
  }

  DenseDesign dense_;
  std::vector<CellTerm> terms_;
  Eigen::SparseMatrix<double> coding_;
  ByCell by_cell_;  // the same, row by row
};

}  // namespace fastlogit
