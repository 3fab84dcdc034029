#include "extended.h"

#include "../linalg/quadratic_form.h"

namespace fastlogit {

namespace {

// A symmetric matrix with one more row and column.
Matrix bordered(const Matrix& corner, const Vector& side, double last) {
  const Index p = corner.rows();
  Matrix whole(p + 1, p + 1);
  whole << corner, side, side.transpose(), last;
  return whole;
}

}  // namespace

Vector ExtendedDesign::to_cells(const ConstVectorRef& beta) const {
  Vector in_cells(cells());
  in_cells << design_.to_cells(beta.head(design_.cols())), beta[design_.cols()];
  return in_cells;
}

Vector ExtendedDesign::from_cells(const ConstVectorRef& score) const {
  Vector by_column(cols());
  by_column << design_.from_cells(score.head(design_.cells())), score[design_.cells()];
  return by_column;
}

Matrix ExtendedDesign::information_from_cells(const ConstMatrixRef& information) const {
  const Index m = design_.cells();
  return bordered(design_.information_from_cells(information.topLeftCorner(m, m)),
                  design_.from_cells(information.col(m).head(m)),
                  information(m, m));
}

Matrix ExtendedDesign::form_to_cells(const ConstMatrixRef& form) const {
  const Index p = design_.cols();
  return bordered(design_.form_to_cells(form.topLeftCorner(p, p)),
                  design_.to_cells(form.col(p).head(p)),
                  form(p, p));
}

void ExtendedDesign::predict(Rows rows, const ConstVectorRef& beta, VectorRef eta) const {
  const Index m = design_.cells();
  design_.predict(rows, beta.head(m), eta);
  eta += beta[m] * column(rows);
}

void ExtendedDesign::add_score(Rows rows, const ConstVectorRef& residual, VectorRef score) const {
  const Index m = design_.cells();
  design_.add_score(rows, residual, score.head(m));
  score[m] += column(rows).dot(residual);
}

void ExtendedDesign::add_scores(Rows rows,
                                const ConstVectorRef& residual,
                                const int* group,
                                MatrixRef sums) const {
  const Index m = design_.cells();
  design_.add_scores(rows, residual, group, sums.leftCols(m));
  const Eigen::Map<const Vector> own = column(rows);
  for (Index i = 0; i < rows.size(); ++i) {
    if (group[i] >= 0) sums(group[i], m) += residual[i] * own[i];
  }
}

void ExtendedDesign::add_information(Rows rows,
                                     const ConstVectorRef& weight,
                                     MatrixRef information) const {
  const Index m = design_.cells();
  design_.add_information(rows, weight, information.topLeftCorner(m, m));
  const Vector weighted = weight.cwiseProduct(column(rows));
  Vector cross = Vector::Zero(m);
  design_.add_score(rows, weighted, cross);
  information.row(m).head(m) += cross.transpose();
  information(m, m) += weighted.dot(column(rows));
}

// z' A z + 2 (z' a) x + alpha x^2
void ExtendedDesign::quadratic_form(Rows rows, const QuadraticForm& a, VectorRef out) const {
  const Index m = design_.cells();
  const Matrix& form = a.matrix();
  design_.quadratic_form(rows, QuadraticForm(form.topLeftCorner(m, m)), out);
  const Eigen::Map<const Vector> own = column(rows);
  Vector cross = Vector::Zero(rows.size());
  design_.predict(rows, form.col(m).head(m), cross);
  out += own.cwiseProduct(2.0 * cross + form(m, m) * own);
}

void ExtendedDesign::copy(Rows rows, MatrixRef block) const {
  design_.copy(rows, block.leftCols(design_.cols()));
  block.col(design_.cols()) = column(rows);
}

}  // namespace fastlogit
