#include "factor.h"

#include <utility>

#include "../linalg/quadratic_form.h"

namespace fastlogit {

// What some rows have of a term: a number in a cell.
class FactorDesign::Entries {
 public:
  // first: the first cell of the term among those of the design.
  Entries(const CellTerm& term, Rows rows, Index first) : rows_(rows.size()), before_(first - 1) {
    code_ = term.cells.read(rows, codes_);
    if (term.column.is_one()) return;
    Vector scratch;
    const double* const numbers = term.column.read(rows, scratch);
    numbers_ = term.scale * Eigen::Map<const Vector>(numbers, rows.size());
  }

  Index cell(Index i) const { return before_ + code_[i]; }
  double number(Index i) const { return numbers_.size() ? numbers_[i] : 1.0; }

  // visit(i, cell, number)
  template <typename Visit>
  void for_each(const Visit& visit) const {
    if (numbers_.size()) {
      for (Index i = 0; i < rows_; ++i) visit(i, cell(i), numbers_[i]);
    } else {
      for (Index i = 0; i < rows_; ++i) visit(i, cell(i), 1.0);
    }
  }

 private:
  Index rows_;
  Index before_;
  const int* code_;         // counted from 1
  std::vector<int> codes_;  // where they had to be computed
  Vector numbers_;          // none: ones
};

FactorDesign::FactorDesign(DenseDesign dense,
                           std::vector<CellTerm> terms,
                           Eigen::SparseMatrix<double> coding,
                           bool sparse)
    : dense_(std::move(dense)),
      terms_(std::move(terms)),
      coding_(std::move(coding)),
      by_cell_(coding_),
      sparse_(sparse) {
  if (sparse) pattern_ = FactorPattern::find(dense_.rows(), dense_.cols(), terms_, coding_);
}

Vector FactorDesign::to_cells(const ConstVectorRef& beta) const {
  return coding_ * beta;
}

Vector FactorDesign::from_cells(const ConstVectorRef& score) const {
  return coding_.transpose() * score;
}

Matrix FactorDesign::information_from_cells(const ConstMatrixRef& information) const {
  const Matrix half = coding_.transpose() * information;
  return half * coding_;
}

Matrix FactorDesign::form_to_cells(const ConstMatrixRef& form) const {
  const Matrix half = coding_ * form;
  return half * coding_.transpose();
}

void FactorDesign::predict(Rows rows, const ConstVectorRef& beta, VectorRef eta) const {
  dense_.predict(rows, beta.head(dense_.cols()), eta);
  for (const Entries& term : entries(rows)) {
    term.for_each([&](Index i, Index cell, double number) { eta[i] += beta[cell] * number; });
  }
}

void FactorDesign::add_score(Rows rows, const ConstVectorRef& residual, VectorRef score) const {
  dense_.add_score(rows, residual, score.head(dense_.cols()));
  for (const Entries& term : entries(rows)) {
    term.for_each([&](Index i, Index cell, double number) { score[cell] += residual[i] * number; });
  }
}

void FactorDesign::add_scores(Rows rows,
                              const ConstVectorRef& residual,
                              const int* group,
                              MatrixRef sums) const {
  dense_.add_scores(rows, residual, group, sums.leftCols(dense_.cols()));
  for (const Entries& term : entries(rows)) {
    term.for_each([&](Index i, Index cell, double number) {
      if (group[i] >= 0) sums(group[i], cell) += residual[i] * number;
    });
  }
}

void FactorDesign::add_information(Rows rows,
                                   const ConstVectorRef& weight,
                                   MatrixRef information) const {
  const Index m = dense_.cols();
  dense_.add_information(rows, weight, information.topLeftCorner(m, m));
  const std::vector<Entries> terms = entries(rows);
  Matrix weighted(rows.size(), terms.size());
  for (size_t t = 0; t < terms.size(); ++t) {
    terms[t].for_each([&](Index i, Index, double number) { weighted(i, t) = weight[i] * number; });
  }
  dense_.for_each_column(rows, [&](Index j, const auto& numbers, double scale) {
    for (size_t t = 0; t < terms.size(); ++t) {
      terms[t].for_each([&](Index i, Index cell, double) {
        information(cell, j) += weighted(i, t) * (scale * numbers[i]);
      });
    }
  });
  for (size_t t = 0; t < terms.size(); ++t) {
    for (size_t u = 0; u <= t; ++u) {
      terms[u].for_each([&](Index i, Index cell, double number) {
        information(terms[t].cell(i), cell) += weighted(i, t) * number;
      });
    }
  }
}

void FactorDesign::quadratic_form(Rows rows, const QuadraticForm& a, VectorRef out) const {
  const Index m = dense_.cols();
  const Matrix& form = a.matrix();
  dense_.quadratic_form(rows, QuadraticForm(form.topLeftCorner(m, m)), out);
  Matrix columns(rows.size(), m);
  dense_.copy(rows, columns);
  const std::vector<Entries> terms = entries(rows);
  for (size_t t = 0; t < terms.size(); ++t) {
    terms[t].for_each([&](Index i, Index cell, double number) {
      // What the row has of the terms before this one.
      double others = 0.0;
      for (Index j = 0; j < m; ++j) others += form(j, cell) * columns(i, j);
      for (size_t u = 0; u < t; ++u) others += form(terms[u].cell(i), cell) * terms[u].number(i);
      out[i] += number * (form(cell, cell) * number + 2.0 * others);
    });
  }
}

void FactorDesign::copy(Rows rows, MatrixRef out) const {
  out.setZero();
  dense_.for_each_column(rows, [&](Index j, const auto& numbers, double scale) {
    for (ByCell::InnerIterator it(by_cell_, j); it; ++it) out.col(it.col()) = scale * numbers;
  });
  for (const Entries& term : entries(rows)) {
    term.for_each([&](Index i, Index cell, double number) {
      for (ByCell::InnerIterator it(by_cell_, cell); it; ++it) {
        out(i, it.col()) = it.value() * number;
      }
    });
  }
}

bool FactorDesign::add_sources(Sources& sources) const {
  for (const CellTerm& term : terms_) {
    term.cells.add_sources(sources);
    term.column.add_sources(sources);
  }
  return dense_.add_sources(sources);
}

std::unique_ptr<Design> FactorDesign::select(const Selection& selection) const {
  std::vector<CellTerm> terms;
  for (const CellTerm& term : terms_) {
    terms.push_back({term.cells.select(selection), term.column.select(selection), term.scale});
  }
  return std::make_unique<FactorDesign>(
      dense_.selected(selection), std::move(terms), coding_, sparse_);
}

std::shared_ptr<const SparsePattern> FactorDesign::pattern() const {
  return pattern_ ? pattern_->pattern() : nullptr;
}

Index FactorDesign::pattern_sums() const {
  return pattern_ ? pattern_->slots() : 0;
}

Vector FactorDesign::from_pattern_sums(const Vector& sums) const {
  return pattern_->to_pattern(sums);
}

void FactorDesign::add_to_pattern(Rows rows, const ConstVectorRef& weight, VectorRef sums) const {
  const Index m = dense_.cols();
  Matrix corner = Matrix::Zero(m, m);
  dense_.add_information(rows, weight, corner);
  for (Index i = 0; i < m; ++i) {
    double* const slots = sums.data() + pattern_->of_cell(i);
    slots[0] += corner(i, i);
    for (Index j = 0; j < i; ++j) slots[1 + j] += corner(i, j);
  }
  Matrix of_row(m, rows.size());  // a row's numbers side by side, as its slots are
  dense_.for_each_column(rows, [&](Index j, const auto& numbers, double scale) {
    for (Index i = 0; i < rows.size(); ++i) of_row(j, i) = scale * numbers[i];
  });
  const std::vector<Entries> terms = entries(rows);
  for (size_t t = 0; t < terms.size(); ++t) {
    Vector weighted(rows.size());
    terms[t].for_each([&](Index i, Index cell, double number) {
      const double w = weighted[i] = weight[i] * number;
      const double* const numbers = of_row.col(i).data();
      double* const slots = sums.data() + pattern_->of_cell(cell);
      slots[0] += w * number;
      for (Index j = 0; j < m; ++j) slots[1 + j] += w * numbers[j];
    });
    for (size_t u = 0; u < t; ++u) {
      const int* const pair = pattern_->of_pair(t, u) + rows.begin;
      terms[u].for_each(
          [&](Index i, Index, double number) { sums[pair[i]] += weighted[i] * number; });
    }
  }
}

void FactorDesign::form_on_pattern(Rows rows, const ConstVectorRef& values, VectorRef out) const {
  const Index m = dense_.cols();
  const auto value = [&](Index slot) { return pattern_->at(values, slot); };
  Matrix corner(m, m);
  for (Index i = 0; i < m; ++i) {
    corner(i, i) = value(pattern_->of_cell(i));
    for (Index j = 0; j < i; ++j) {
      corner(i, j) = corner(j, i) = value(pattern_->of_cell(i) + 1 + j);
    }
  }
  dense_.quadratic_form(rows, QuadraticForm(corner), out);
  const std::vector<Entries> terms = entries(rows);
  for (size_t t = 0; t < terms.size(); ++t) {
    Vector others = Vector::Zero(rows.size());
    dense_.for_each_column(rows, [&](Index j, const auto& numbers, double scale) {
      terms[t].for_each([&](Index i, Index cell, double) {
        others[i] += value(pattern_->of_cell(cell) + 1 + j) * (scale * numbers[i]);
      });
    });
    for (size_t u = 0; u < t; ++u) {
      const int* const pair = pattern_->of_pair(t, u) + rows.begin;
      terms[u].for_each(
          [&](Index i, Index, double number) { others[i] += value(pair[i]) * number; });
    }
    terms[t].for_each([&](Index i, Index cell, double number) {
      out[i] += number * (value(pattern_->of_cell(cell)) * number + 2.0 * others[i]);
    });
  }
}

double FactorDesign::reach(const ConstVectorRef& beta) const {
  const Vector in_cells = to_cells(beta);
  double reach = in_cells.head(dense_.cols()).lpNorm<1>();
  Index first = dense_.cols();
  for (const CellTerm& term : terms_) {
    reach += in_cells.segment(first, term.cells.size()).lpNorm<Eigen::Infinity>();
    first += term.cells.size();
  }
  return reach;
}

Index FactorDesign::numbers() const {
  if (!pattern_) return Design::numbers();
  return rows() * (dense_.cols() + static_cast<Index>(terms_.size()));
}

Index FactorDesign::block_rows() const {
  return pattern_ ? 1024 : Design::block_rows();
}

std::vector<FactorDesign::Entries> FactorDesign::entries(Rows rows) const {
  std::vector<Entries> all;
  all.reserve(terms_.size());
  Index first = dense_.cols();
  for (const CellTerm& term : terms_) {
    all.emplace_back(term, rows, first);
    first += term.cells.size();
  }
  return all;
}

}  // namespace fastlogit
