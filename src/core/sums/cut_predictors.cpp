#include "cut_predictors.h"

#include <algorithm>
#include <cmath>

#include "cut_leverages.h"

namespace fastlogit {

namespace {

// What predictor j's own row is to be multiplied by: the sum of its weights with all of them.
Vector sum_of_weights(const ConstMatrixRef& weight, Index q, Index j) {
  Vector sum = weight.col(pair_of(j, 0));
  for (Index k = 1; k < q; ++k) sum += weight.col(pair_of(j, k));
  return sum;
}

}  // namespace

CutPredictors::CutPredictors(const Design& design, const Cuts& cuts, const int* category)
    : design_(design), cuts_(cuts), category_(category) {
  for (const Index column : cuts.varying()) {
    varying_in_cells_.push_back(design.to_cells(Vector::Unit(design.cols(), column)));
  }
}

Index CutPredictors::information_numbers() const {
  return border_begins() + cuts_.own() * design_.cells() + design_.cells() * design_.cells();
}

Index CutPredictors::pairs_of_cuts() const {
  const Index count = cuts_.count();
  return cuts_.around() ? 2 * count : count * (count + 1) / 2;
}

// Around a class cuts meet themselves and the one before them.
Index CutPredictors::pair_of_cuts(Index j, Index k) const {
  if (!cuts_.around()) return pair_of(j, k);
  return j == k ? j : cuts_.count() + std::max(j, k);
}

Vector CutPredictors::to_cells(const ConstVectorRef& beta) const {
  Vector in_cells(cells());
  in_cells << beta.head(cuts_.own()), -design_.to_cells(cuts_.slopes(beta));
  return in_cells;
}

Vector CutPredictors::score_from_cells(const ConstVectorRef& sums) const {
  Vector score(size());
  score << sums.head(cuts_.own()), -cuts_.slopes_of(design_.from_cells(sums.tail(design_.cells())));
  return score;
}

Information CutPredictors::zero_information() const {
  Information sums = Information::zero(design_.cells(), nullptr);
  sums.values() = Vector::Zero(border_begins() + cuts_.own() * design_.cells());
  return sums;
}

Information CutPredictors::information_from_cells(Information& sums) const {
  Matrix& corner = sums.dense();
  corner.triangularView<Eigen::StrictlyUpper>() = corner.transpose();
  const Matrix by_column = design_.information_from_cells(corner);
  const std::vector<Index>& shared = cuts_.shared();
  const Index slopes = static_cast<Index>(shared.size());
  Matrix of_slopes(slopes, slopes);
  for (Index i = 0; i < slopes; ++i) {
    for (Index j = 0; j < slopes; ++j) of_slopes(i, j) = by_column(shared[i], shared[j]);
  }
  const Eigen::Map<const Matrix> in_cells(
      sums.values().data() + border_begins(), cuts_.own(), design_.cells());
  Matrix border(slopes, cuts_.own());
  for (Index j = 0; j < cuts_.own(); ++j) {
    border.col(j) = -cuts_.slopes_of(design_.from_cells(in_cells.row(j).transpose()));
  }
  const Index count = cuts_.count();
  const auto of_cuts = [&](Index c, Index j, Index d, Index k) {
    if (cuts_.around() && std::abs(j - k) > 1) return 0.0;
    return sums.values()[pair_of(c, d) * pairs_of_cuts() + pair_of_cuts(j, k)];
  };
  if (!cuts_.pattern()) {
    Matrix information(size(), size());
    for (Index i = 0; i < cuts_.own(); ++i) {
      for (Index j = 0; j < cuts_.own(); ++j) {
        information(i, j) = of_cuts(i / count, i % count, j / count, j % count);
      }
    }
    information.bottomLeftCorner(slopes, cuts_.own()) = border;
    information.topRightCorner(cuts_.own(), slopes) = border.transpose();
    information.bottomRightCorner(slopes, slopes) = of_slopes;
    return information;
  }
  Information information = Information::zero(size(), cuts_.pattern());
  const SparsePattern& pattern = *cuts_.pattern();
  const Index own = cuts_.own();
  for (Index j = 0; j < size(); ++j) {
    for (Index at = pattern.start[j]; at < pattern.start[j + 1]; ++at) {
      const Index i = pattern.row[at];
      information.values()[at] = i < own   ? of_cuts(i / count, i % count, j / count, j % count)
                                 : j < own ? border(i - own, j)
                                           : of_slopes(i - own, j - own);
    }
  }
  return information;
}

void CutPredictors::predict(Rows rows, const ConstVectorRef& in_cells, MatrixRef eta) const {
  Vector shared = Vector::Zero(rows.size());
  design_.predict(rows, in_cells.tail(design_.cells()), shared);
  const Matrix z = varying_columns(rows);
  const Index count = cuts_.count();
  for (Index l = 0; l < eta.cols(); ++l) {
    eta.col(l) += shared;
    for (Index i = 0; i < rows.size(); ++i) {
      const Index j = cut(rows.begin + i, l);
      if (j < 0) continue;
      eta(i, l) += in_cells[j];
      for (Index c = 1; c < varying(); ++c) eta(i, l) += z(i, c) * in_cells[c * count + j];
    }
  }
}

void CutPredictors::add_score(Rows rows, const ConstMatrixRef& residual, VectorRef sums) const {
  const Vector total = residual.rowwise().sum();
  design_.add_score(rows, total, sums.tail(design_.cells()));
  const Matrix z = varying_columns(rows);
  for (Index l = 0; l < residual.cols(); ++l) {
    for (Index i = 0; i < rows.size(); ++i) {
      const Index j = cut(rows.begin + i, l);
      if (j < 0) continue;
      sums[j] += residual(i, l);
      for (Index c = 1; c < varying(); ++c) sums[c * cuts_.count() + j] += residual(i, l) * z(i, c);
    }
  }
}

void CutPredictors::add_information(Rows rows,
                                    const ConstMatrixRef& weight,
                                    Information& sums) const {
  const Index q = count();
  const Index own = cuts_.own();
  const Matrix z = varying_columns(rows);
  Eigen::Map<Matrix> border(sums.values().data() + border_begins(), own, design_.cells());
  Vector total = Vector::Zero(rows.size());
  for (Index l = 0; l < q; ++l) {
    const Vector of_all = sum_of_weights(weight, q, l);
    const std::vector<int> group = cuts_of(rows, l);
    total += of_all;
    for (Index c = 0; c < varying(); ++c) {
      design_.add_scores(rows,
                         c == 0 ? of_all : Vector(of_all.cwiseProduct(z.col(c))),
                         group.data(),
                         border.middleRows(c * cuts_.count(), cuts_.count()));
    }
  }
  design_.add_information(rows, total, sums.dense());
  for (Index l = 0; l < q; ++l) {
    for (Index m = 0; m <= l; ++m) {
      const auto w = weight.col(pair_of(l, m));
      for (Index i = 0; i < rows.size(); ++i) {
        const Index j = cut(rows.begin + i, l);
        const Index k = cut(rows.begin + i, m);
        if (j < 0 || k < 0 || w[i] == 0.0) continue;
        const Index at = pair_of_cuts(j, k);
        sums.values()[at] += w[i];
        for (Index c = 1; c < varying(); ++c) {
          for (Index d = 0; d <= c; ++d) {
            const double zz = z(i, c) * (d == 0 ? 1.0 : z(i, d));
            sums.values()[pair_of(c, d) * pairs_of_cuts() + at] += w[i] * zz;
          }
        }
      }
    }
  }
}

Matrix CutPredictors::weighted_rows(Rows rows, const ConstMatrixRef& weight) const {
  const Index q = count();
  std::vector<Matrix> own;
  for (Index l = 0; l < q; ++l) own.push_back(rows_of(rows, l));
  Matrix weighted = Matrix::Zero(rows.size() * q, size());
  Matrix root(q, q);
  for (Index i = 0; i < rows.size(); ++i) {
    for (Index l = 0; l < q; ++l) {
      for (Index m = 0; m <= l; ++m) root(l, m) = weight(i, pair_of(l, m));
    }
    // The Cholesky factor, in place; weights that have vanished have none.
    for (Index m = 0; m < q; ++m) {
      root(m, m) = std::sqrt(std::max(0.0, root(m, m)));
      for (Index l = m + 1; l < q; ++l)
        root(l, m) = root(m, m) > 0.0 ? root(l, m) / root(m, m) : 0.0;
      for (Index l = m + 1; l < q; ++l) {
        for (Index k = m + 1; k <= l; ++k) root(l, k) -= root(l, m) * root(k, m);
      }
    }
    for (Index m = 0; m < q; ++m) {
      for (Index l = m; l < q; ++l) weighted.row(i * q + m) += root(l, m) * own[l].row(i);
    }
  }
  return weighted;
}

Vector CutPredictors::direction_to_cells(const ConstVectorRef& direction) const {
  return to_cells(direction);
}

Vector CutPredictors::direction_from_cells(const ConstVectorRef& sums) const {
  return score_from_cells(sums);
}

void CutPredictors::add_products(Rows rows,
                                 const ConstMatrixRef& weight,
                                 const ConstMatrixRef& steps,
                                 MatrixRef cross,
                                 VectorRef squares) const {
  const Index q = count();
  for (Index s = 0; s < steps.cols(); ++s) {
    Matrix along = Matrix::Zero(rows.size(), q);
    predict(rows, steps.col(s), along);
    // At the ends of the classes there is no such predictor.
    for (Index l = 0; cuts_.around() && l < q; ++l) {
      for (Index i = 0; i < rows.size(); ++i) {
        if (cut(rows.begin + i, l) < 0) along(i, l) = 0.0;
      }
    }
    Matrix product = Matrix::Zero(rows.size(), q);
    for (Index l = 0; l < q; ++l) {
      for (Index m = 0; m < q; ++m) {
        product.col(l) += weight.col(pair_of(l, m)).cwiseProduct(along.col(m));
      }
    }
    squares[s] += product.cwiseProduct(along).sum();
    add_score(rows, product, cross.col(s));
  }
}

std::unique_ptr<Leverages> CutPredictors::leverages(const Information& inverse) const {
  return std::make_unique<CutLeverages>(*this, Matrix(), inverse);
}

Matrix CutPredictors::rows_of(Rows rows, Index predictor) const {
  Matrix block(rows.size(), design_.cols());
  design_.copy(rows, block);
  Matrix own = Matrix::Zero(rows.size(), size());
  for (Index i = 0; i < rows.size(); ++i) {
    const Index j = cut(rows.begin + i, predictor);
    if (j < 0) continue;
    own(i, j) = 1.0;
    for (Index c = 1; c < varying(); ++c) {
      own(i, c * cuts_.count() + j) = block(i, cuts_.varying()[c - 1]);
    }
    Index at = cuts_.own();
    for (const Index column : cuts_.shared()) own(i, at++) = -block(i, column);
  }
  return own;
}

std::vector<int> CutPredictors::cuts_of(Rows rows, Index predictor) const {
  std::vector<int> cuts(rows.size());
  for (Index i = 0; i < rows.size(); ++i) {
    cuts[i] = static_cast<int>(cut(rows.begin + i, predictor));
  }
  return cuts;
}

Matrix CutPredictors::varying_columns(Rows rows) const {
  Matrix z(varying() > 1 ? rows.size() : 0, varying());
  if (z.rows() == 0) return z;
  z.setZero();
  z.col(0).setOnes();
  for (Index c = 1; c < varying(); ++c) design_.predict(rows, varying_in_cells_[c - 1], z.col(c));
  return z;
}

}  // namespace fastlogit
