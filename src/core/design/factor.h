// A design with factors of many levels, stored as integer codes: what a factor adds to the sums are
// sums by level and cross-tables, so a row costs as much as it has terms, not levels.
#pragma once

#include <Eigen/SparseCore>
#include <memory>
#include <vector>

#include "column.h"
#include "dense.h"
#include "factor_pattern.h"

namespace fastlogit {

class FactorDesign final : public Design {
 public:
  // coding: C (cells x p); the cells are the columns of `dense`, then those of one term after
  // another. sparse: is the information to keep to a pattern, where there is one?
  FactorDesign(DenseDesign dense,
               std::vector<CellTerm> terms,
               Eigen::SparseMatrix<double> coding,
               bool sparse);

  Index rows() const override { return dense_.rows(); }
  Index cols() const override { return coding_.cols(); }
  Index cells() const override { return coding_.rows(); }

  Vector to_cells(const ConstVectorRef& beta) const override;

  Vector from_cells(const ConstVectorRef& score) const override;

  Matrix information_from_cells(const ConstMatrixRef& information) const override;

  Matrix form_to_cells(const ConstMatrixRef& form) const override;

  void predict(Rows rows, const ConstVectorRef& beta, VectorRef eta) const override;

  void add_score(Rows rows, const ConstVectorRef& residual, VectorRef score) const override;

  void add_scores(Rows rows,
                  const ConstVectorRef& residual,
                  const int* group,
                  MatrixRef sums) const override;

  void add_information(Rows rows,
                       const ConstVectorRef& weight,
                       MatrixRef information) const override;

  void quadratic_form(Rows rows, const QuadraticForm& a, VectorRef out) const override;

  void copy(Rows rows, MatrixRef out) const override;

  bool add_sources(Sources& sources) const override;

  std::unique_ptr<Design> select(const Selection& selection) const override;

  std::shared_ptr<const SparsePattern> pattern() const override;

  Index pattern_sums() const override;

  Vector from_pattern_sums(const Vector& sums) const override;

  void add_to_pattern(Rows rows, const ConstVectorRef& weight, VectorRef sums) const override;

  void form_on_pattern(Rows rows, const ConstVectorRef& values, VectorRef out) const override;

  double reach(const ConstVectorRef& beta) const override;

  Index numbers() const override;

  Index block_rows() const override;

  bool has_dense_rows() const override { return !pattern_ || are_affordable(rows(), cols()); }

 private:
  using ByCell = Eigen::SparseMatrix<double, Eigen::RowMajor>;

  class Entries;

  std::vector<Entries> entries(Rows rows) const;

  DenseDesign dense_;
  std::vector<CellTerm> terms_;
  Eigen::SparseMatrix<double> coding_;
  ByCell by_cell_;  // the same, row by row
  bool sparse_;
  std::shared_ptr<const FactorPattern> pattern_;  // null: the information is dense
};

}  // namespace fastlogit
