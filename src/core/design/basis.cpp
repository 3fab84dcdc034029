#include "basis.h"

#include <algorithm>
#include <utility>

#include "../linalg/gram.h"
#include "../linalg/quadratic_form.h"

namespace fastlogit {

Index BasisDesign::rows() const {
  return design_.rows();
}

Index BasisDesign::cols() const {
  return basis_.cols();
}

void BasisDesign::predict(Rows rows, const ConstVectorRef& gamma, VectorRef eta) const {
  eta.noalias() += block(rows) * gamma;
}

void BasisDesign::add_score(Rows rows, const ConstVectorRef& residual, VectorRef score) const {
  score.noalias() += block(rows).transpose() * residual;
}

void BasisDesign::add_scores(Rows rows,
                             const ConstVectorRef& residual,
                             const int* group,
                             MatrixRef sums) const {
  const Matrix transformed = block(rows);
  for (Index i = 0; i < rows.size(); ++i) {
    if (group[i] >= 0) sums.row(group[i]) += residual[i] * transformed.row(i);
  }
}

void BasisDesign::add_information(Rows rows,
                                  const ConstVectorRef& weight,
                                  MatrixRef information) const {
  static thread_local GramBuffer buffer;
  const Matrix transformed = block(rows);
  buffer.begin(weight, cols());
  for (Index j = 0; j < cols(); ++j) buffer.pack_column(j, transformed.col(j).data());
  buffer.add_gram(information);
}

void BasisDesign::quadratic_form(Rows rows, const QuadraticForm& a, VectorRef out) const {
  const Matrix transformed = block(rows);
  const auto write = [&](Index j, double* numbers) {
    std::copy_n(transformed.col(j).data(), rows.size(), numbers);
  };
  a.of_rows(rows.size(), write, out);
}

void BasisDesign::copy(Rows rows, MatrixRef out) const {
  out = block(rows);
}

Matrix BasisDesign::block(Rows rows) const {
  Matrix raw(rows.size(), design_.cols());
  design_.copy(rows, raw);
  return raw * basis_;
}

}  // namespace fastlogit
