// The shapes that every room shares, declared once.
//
// n rows, p columns of the design, q linear predictors (1 for two classes). Coefficients are a
// vector of length p q, predictor by predictor. Everything is a sum over rows: a block of rows goes
// in, Moments come out, and Moments add.
#pragma once

#include <Eigen/Core>

namespace fastlogit {

using Index = Eigen::Index;
using Vector = Eigen::VectorXd;
using Matrix = Eigen::MatrixXd;
using ConstVectorRef = Eigen::Ref<const Vector>;
using VectorRef = Eigen::Ref<Vector>;
using ConstMatrixRef = Eigen::Ref<const Matrix>;
using MatrixRef = Eigen::Ref<Matrix>;

// The rows begin, ..., end - 1.
struct Rows {
  Index begin;
  Index end;
  Index size() const { return end - begin; }
};

// How much is asked for; each order includes those before it.
enum class Order { value, gradient, information };

// Which second derivative: Fisher's expected information or the observed one.
enum class Curvature { expected, observed };

// The log-likelihood is relative to the saturated model, so it is minus half the deviance.
struct Moments {
  double loglik = 0.0;
  Vector score;        // p q; empty below Order::gradient
  Matrix information;  // p q x p q, lower triangle until it is complete; empty below
                       // Order::information

  static Moments zero(Index size, Order order) {
    Moments moments;
    if (order >= Order::gradient) moments.score = Vector::Zero(size);
    if (order >= Order::information) moments.information = Matrix::Zero(size, size);
    return moments;
  }

  Moments& operator+=(const Moments& other) {
    loglik += other.loglik;
    score += other.score;
    information += other.information;
    return *this;
  }
};

}  // namespace fastlogit
