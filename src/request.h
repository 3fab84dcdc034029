// What partitions of the rows are asked, and what they answer, as R sees it: both sides of the
// border between processes. Every answer is a vector of numbers; all but factors add.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "convert.h"
#include "core/family/likelihood.h"
#include "core/linalg/qr.h"

namespace fastlogit {

// Column by column, the diagonal included.
inline Vector pack_lower(const Matrix& a) {
  const Index p = a.rows();
  Vector packed(p * (p + 1) / 2);
  for (Index j = 0, at = 0; j < p; at += p - j, ++j)
    packed.segment(at, p - j) = a.col(j).tail(p - j);
  return packed;
}

// The other triangle is zero.
inline Matrix unpack_lower(const ConstVectorRef& packed, Index p) {
  Matrix a = Matrix::Zero(p, p);
  for (Index j = 0, at = 0; j < p; at += p - j, ++j)
    a.col(j).tail(p - j) = packed.segment(at, p - j);
  return a;
}

// Where rows are sparse each partition has a pattern of its own, so that only dense matrices add.
inline Matrix dense_lower(const Information& information) {
  const SparsePattern* const pattern = information.pattern();
  if (!pattern) return information.dense();
  Matrix dense = Matrix::Zero(pattern->size(), pattern->size());
  for (Index j = 0; j < pattern->size(); ++j) {
    for (Index at = pattern->start[j]; at < pattern->start[j + 1]; ++at) {
      dense(pattern->row[at], j) = information.values()[at];
    }
  }
  return dense;
}

// log-likelihood, score, information: as far as they are filled.
inline Vector pack_moments(const Moments& moments) {
  const Index p = moments.score.size();
  const bool complete = moments.information.size() > 0;
  Vector packed(1 + p + (complete ? p * (p + 1) / 2 : 0));
  packed[0] = moments.loglik;
  packed.segment(1, p) = moments.score;
  if (complete) packed.tail(p * (p + 1) / 2) = pack_lower(dense_lower(moments.information));
  return packed;
}

inline Moments unpack_moments(const Vector& packed, Index size, Order order) {
  Moments moments;
  moments.loglik = packed[0];
  if (order >= Order::gradient) moments.score = packed.segment(1, size);
  if (order >= Order::information) {
    Matrix complete = unpack_lower(packed.tail(size * (size + 1) / 2), size);
    complete.triangularView<Eigen::StrictlyUpper>() = complete.transpose();
    moments.information = std::move(complete);
  }
  return moments;
}

// What there is to know of rows before any pass over them.
struct Facts {
  double rows;
  double gradient_cost;
  bool dense;
  bool sampled;  // worth it?
  double unit;   // of the weights
  Vector scale;  // of the columns

  Vector packed() const {
    Vector numbers(5 + scale.size());
    numbers << rows, gradient_cost, dense ? 1.0 : 0.0, sampled ? 1.0 : 0.0, unit, scale;
    return numbers;
  }

  // From the sum over partitions. Units and scales are the same in all of them, and powers of two:
  // their means are exact.
  static Facts from(const Vector& sum, double partitions) {
    const Vector mean = sum / partitions;
    return {sum[0], mean[1], mean[2] == 1.0, mean[3] == 1.0, mean[4], mean.tail(mean.size() - 5)};
  }
};

// What a question is about: whose likelihood, of which of the rows, in which coordinates.
struct Subject {
  Likelihood likelihood;
  Index thinning = 1;
  Matrix basis;  // empty: the columns' own

  static Subject from(const Rcpp::List& request) {
    Subject subject;
    subject.likelihood = {Rcpp::as<std::string>(request["family"]),
                          Rcpp::as<int>(request["predictors"]),
                          Rcpp::as<double>(request["barrier"]),
                          Rcpp::as<double>(request["damping"]),
                          Rcpp::as<bool>(request["squared"])};
    subject.thinning = Rcpp::as<int>(request["thinning"]);
    subject.basis = matrix_from(request["basis"]);
    return subject;
  }

  Rcpp::List request(const std::string& what) const {
    return Rcpp::List::create(Rcpp::Named("what") = what,
                              Rcpp::Named("family") = likelihood.family,
                              Rcpp::Named("predictors") = static_cast<int>(likelihood.predictors),
                              Rcpp::Named("barrier") = likelihood.barrier,
                              Rcpp::Named("damping") = likelihood.damping,
                              Rcpp::Named("squared") = likelihood.squared,
                              Rcpp::Named("thinning") = static_cast<int>(thinning),
                              Rcpp::Named("basis") = to_r(basis));
  }
};

}  // namespace fastlogit
