// The design X T: another design in other coordinates, for derivatives where the columns of X are
// nearly dependent.
#pragma once

#include <algorithm>
#include <utility>

#include "../linalg/gram.h"
#include "design.h"

namespace fastlogit {

class BasisDesign final : public Design {
 public:
  BasisDesign(const Design& design, Matrix basis) : design_(design), basis_(std::move(basis)) {}

  Index rows() const override { return design_.rows(); }
  Index cols() const override { return basis_.cols(); }

  void predict(Rows rows, const ConstVectorRef& gamma, VectorRef eta) const override {
    eta.noalias() += block(rows) * gamma;
  }

  void add_score(Rows rows, const ConstVectorRef& residual, VectorRef score) const override {
    score.noalias() += block(rows).transpose() * residual;
  }

  void add_information(Rows rows,
                       const ConstVectorRef& weight,
                       MatrixRef information) const override {
    static thread_local GramBuffer buffer;
    const Matrix transformed = block(rows);
    buffer.begin(weight, cols());
    for (Index j = 0; j < cols(); ++j) buffer.pack_column(j, transformed.col(j).data());
    buffer.add_gram(information);
  }

  void quadratic_form(Rows rows, const QuadraticForm& a, VectorRef out) const override {
    const Matrix transformed = block(rows);
    const auto write = [&](Index j, double* numbers) {
      std::copy_n(transformed.col(j).data(), rows.size(), numbers);
    };
    a.of_rows(rows.size(), write, out);
  }

  void copy(Rows rows, MatrixRef out) const override { out = block(rows); }

 private:
  // The product is formed row by row: only so are its columns orthogonal to working precision.
  Matrix block(Rows rows) const {
    Matrix raw(rows.size(), design_.cols());
    design_.copy(rows, raw);
    return raw * basis_;
  }

  const Design& design_;
  Matrix basis_;
};

}  // namespace fastlogit
