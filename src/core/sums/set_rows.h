// What the information of matched sets is made of (family/conditional.h): the covariance, given the
// number of cases, of the sum of their rows x. Along the paths of a set the means mu(k, m) of that
// sum follow the recursion of a mixture, and so do the covariances,
//   mu(k, m) = (1 - a) mu(k, m - 1) + a (mu(k - 1, m - 1) + x_m),
//   C(k, m) = (1 - a) C(k, m - 1) + a C(k - 1, m - 1) + a (1 - a) delta delta'.
// Unrolled, the last one is the sum over all nodes of a (1 - a) delta delta', times the probability
// that a path runs through the node: a weighted Gram matrix of rows delta, which the kernels form
// like any other and of which there is a QR decomposition, too. Of a pair it has one row, the
// difference; of one case among n, n - 1.
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "../design/design.h"
#include "../family/conditional.h"
#include "../linalg/gram.h"
#include "../linalg/qr.h"

namespace fastlogit {

// Rows of a block, with what the recursions ask of them.
struct SetBlock {
  Matrix x;  // in the coordinates of the sums
  const Matrix& eta;
  Response response;
  double scale;  // of the predictors, see Family::set_scale()

  SetBlock(const Design& design, Rows rows, const Matrix& eta, Response response, double s)
      : x(rows.size(), design.cols()), eta(eta), response(response), scale(s) {
    design.copy(rows, x);
  }
};

// The means along the paths of a set, a column for each column of x; from x less that of the set's
// first row, so that what does not vary within a set is exactly zero.
class PathMeans {
 public:
  void begin(Index cases, const Matrix& x, const SetRows& set) {
    mean_.resize(cases + 1, x.cols());
    mean_.setZero();
    base_ = x.row(set.row(0));
  }

  // delta of a step, as rows first, ..., last of `out`, from row `at` on; then the means.
  void step(const SetPaths::Step& step, const Matrix& x, Index row, Matrix& out, Index at) {
    for (Index j = 0; j < x.cols(); ++j) {
      double* const mean = mean_.col(j).data();
      double* const delta = out.col(j).data() + at - step.first;
      const double value = x(row, j) - base_[j];
      for (Index k = step.last; k >= step.first; --k) {
        delta[k] = mean[k - 1] + value - mean[k];
        mean[k] += step.a[k] * delta[k];
      }
    }
  }

 private:
  Matrix mean_;
  Eigen::RowVectorXd base_;
};

// Gathers rows until there are enough for a product.
template <typename Visit>
class GatheredRows {
 public:
  GatheredRows(Index cols, const Visit& visit)
      : visit_(visit), rows_(kAtOnce, cols), weights_(kAtOnce) {}

  // Room for some more, from at() on.
  void reserve(Index count) {
    if (filled_ + count <= rows_.rows()) return;
    flush();
    if (count <= rows_.rows()) return;
    rows_.resize(count, rows_.cols());
    weights_.resize(count);
  }

  Index at() const { return filled_; }
  Matrix& rows() { return rows_; }
  double& weight(Index i) { return weights_[filled_ + i]; }
  void add(Index count) { filled_ += count; }

  void flush() {
    if (filled_ > 0) visit_(weights_.head(filled_), rows_.topRows(filled_));
    filled_ = 0;
  }

 private:
  static constexpr Index kAtOnce = 512;

  const Visit& visit_;
  Matrix rows_;
  Vector weights_;
  Index filled_ = 0;
};

// Where one row is the single one of its kind: of a pair the difference, else the rows about their
// mean.
template <typename Gathered>
void add_single_rows(
    const Matrix& x, const SetRows& set, const SingleRow& single, double of_set, Gathered& out) {
  const Index size = set.size();
  if (size == 2) {
    out.reserve(1);
    out.rows().row(out.at()) = x.row(set.row(0)) - x.row(set.row(1));
    out.weight(0) = of_set * single.yes(0) * single.no(0);
    return out.add(1);
  }
  out.reserve(size);
  for (Index j = 0; j < x.cols(); ++j) {
    const double base = x(set.row(0), j);
    double mean = 0.0;
    for (Index m = 1; m < size; ++m) mean += single.yes(m) * (x(set.row(m), j) - base);
    for (Index m = 0; m < size; ++m) {
      out.rows()(out.at() + m, j) = x(set.row(m), j) - base - mean;
    }
  }
  for (Index m = 0; m < size; ++m) out.weight(m) = of_set * single.yes(m);
  out.add(size);
}

// visit(weights, rows): some rows at a time of those whose weighted Gram matrix is the information.
// Returns the log-likelihood, and puts its derivatives in the linear predictors into `residual`,
// unless that is null.
template <typename Visit>
double for_each_set_rows(const SetBlock& block, double* residual, const Visit& visit) {
  GatheredRows<Visit> out(block.x.cols(), visit);
  SetPaths paths;
  SingleRow single;
  PathMeans means;
  double loglik = 0.0;
  if (residual) std::fill(residual, residual + block.eta.rows(), 0.0);
  SetRows(block.response, block.eta.rows()).for_each([&](SetRows& set) {
    const double w = set.weight() * block.scale;
    const double* const eta = set.take_from(block.eta, block.scale);
    if (set.has_single()) {
      loglik += set.weight() * single.begin(eta, set);
      for (Index m = 0; residual && m < set.size(); ++m) {
        residual[set.row(m)] = w * single.residual(m);
      }
      return add_single_rows(block.x, set, single, w * block.scale, out);
    }
    paths.begin(eta, set.size(), set.cases());
    loglik += set.weight() * paths.forward(true);
    paths.backward([&](Index m, double taken, double left) {
      if (residual) residual[set.row(m)] = w * observed_less(set, paths, m, taken, left);
    });
    means.begin(paths.cases(), block.x, set);
    paths.again([&](Index m, const SetPaths::Step& step) {
      const Index count = step.last - step.first + 1;
      out.reserve(count);
      means.step(step, block.x, set.row(m), out.rows(), out.at());
      for (Index k = step.first; k <= step.last; ++k) {
        out.weight(k - step.first) = w * block.scale * step.node[k] * step.a[k] * step.stay[k];
      }
      out.add(count);
    });
  });
  out.flush();
  return loglik;
}

// information += that of the sets of a block, lower triangle; residual, and what it returns: see
// above.
inline double add_set_information(const SetBlock& block, double* residual, Matrix& information) {
  GramBuffer gram;
  return for_each_set_rows(
      block, residual, [&](const ConstVectorRef& weights, const ConstMatrixRef& rows) {
        gram.begin(weights, rows.cols());
        for (Index j = 0; j < rows.cols(); ++j) gram.pack_column(j, rows.col(j).data());
        gram.add_gram(information);
      });
}

// The factor R of their QR decomposition, as that of all the rows: R'R is the information.
inline Matrix weighted_set_rows(const SetBlock& block) {
  Matrix factor;
  for_each_set_rows(block, nullptr, [&](const ConstVectorRef& weights, const ConstMatrixRef& rows) {
    factor = merge(factor, weights.cwiseSqrt().asDiagonal() * rows);
  });
  if (factor.rows() == 0) factor = Matrix::Zero(block.x.cols(), block.x.cols());
  return factor;
}

// adjustment += the derivative of tr(S I) in the coefficients: S, an inverse information, times the
// third cumulants. Those of a mixture of two parts, whose means are e from its own, are the sum of
// theirs, of tr(S C) e + 2 C S e and of e'Se e.
inline void add_set_adjustment(const SetBlock& block, const Matrix& inverse, VectorRef adjustment) {
  const Index p = block.x.cols();
  SetPaths paths;
  SetRows(block.response, block.eta.rows()).for_each([&](SetRows& set) {
    paths.begin(set.take_from(block.eta, block.scale), set.size(), set.cases());
    paths.forward(true);
    const Index size = paths.cases() + 1;
    const Eigen::RowVectorXd base = block.x.row(set.row(0));
    Matrix mean = Matrix::Zero(p, size);
    Matrix third = Matrix::Zero(p, size);
    std::vector<Matrix> covariance(size, Matrix::Zero(p, p));
    Vector trace = Vector::Zero(size);  // tr(S C)
    paths.each_step([&](Index m, const SetPaths::Step& step) {
      const Vector x = (block.x.row(set.row(m)) - base).transpose();
      for (Index k = step.last; k >= step.first; --k) {
        const double a = step.a[k];
        const double b = step.stay[k];
        const Vector delta = mean.col(k - 1) + x - mean.col(k);
        const Vector turned = inverse * delta;
        const double square = delta.dot(turned);
        third.col(k) = b * third.col(k) + a * third.col(k - 1) +
                       a * b *
                           ((trace[k - 1] - trace[k] + (b - a) * square) * delta +
                            2.0 * (covariance[k - 1] - covariance[k]) * turned);
        covariance[k] =
            b * covariance[k] + a * covariance[k - 1] + a * b * delta * delta.transpose();
        trace[k] = b * trace[k] + a * trace[k - 1] + a * b * square;
        mean.col(k) += a * delta;
      }
    });
    const double cube = block.scale * block.scale * block.scale;
    adjustment += (paths.is_turned() ? -cube : cube) * set.weight() * third.col(size - 1);
  });
}

}  // namespace fastlogit
