// The shapes that every room shares, declared once.
//
// n rows, p columns of the design, q linear predictors (1 for two classes). Coefficients are a
// vector of length p q, predictor by predictor. Everything is a sum over rows: a block of rows goes
// in, Moments come out, and Moments add.
#pragma once

#include <Eigen/Core>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

namespace fastlogit {

// Thrown, never inside a parallel region, when the user has asked to stop.
struct Interrupted {};

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

// Where linear predictors have to be for a mean between 0 and 1: an open interval.
struct Domain {
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();

  constexpr bool has_lower() const { return lower > -std::numeric_limits<double>::infinity(); }
  constexpr bool has_upper() const { return upper < std::numeric_limits<double>::infinity(); }
  constexpr bool bounded() const { return has_lower() || has_upper(); }

  // Is it the same for linear predictors that are damped?
  constexpr bool is_cone() const {
    return (!has_lower() || lower == 0.0) && (!has_upper() || upper == 0.0);
  }
};

// How much is asked for; each order includes those before it.
//
// A draft is a gradient with an information that serves for steps: that of some of the rows.
enum class Order { value, gradient, draft, information };

// Which second derivative: Fisher's expected information or the observed one.
enum class Curvature { expected, observed };

// How the leverages of a row adjust its score: by the derivative of log det I, or by twice the
// first order term of the bias of the maximum-likelihood estimate (times I). They coincide where
// the expected and the observed information do.
enum class Adjustment { jeffreys, mean };

class SparseAnalysis;

// Where a symmetric matrix has entries: the lower triangle column by column, rows in order, so that
// the diagonal (which is always there) comes first.
struct SparsePattern {
  std::vector<Index> start;  // size + 1
  std::vector<int> row;
  std::shared_ptr<const SparseAnalysis> analysis;  // for the Cholesky factor

  Index size() const { return static_cast<Index>(start.size()) - 1; }
};

// The information: a dense matrix, or values on a pattern that all the sums of a fit share.
class Information {
 public:
  Information() = default;
  Information(Matrix dense) : dense_(std::move(dense)) {}

  // Without a pattern: dense.
  static Information zero(Index size, std::shared_ptr<const SparsePattern> pattern) {
    Information information;
    if (pattern) {
      information.values_ = Vector::Zero(static_cast<Index>(pattern->row.size()));
    } else {
      information.dense_ = Matrix::Zero(size, size);
    }
    information.pattern_ = std::move(pattern);
    return information;
  }

  // values: on the pattern, or sums that are to come to it (Design::from_pattern_sums()).
  static Information on(std::shared_ptr<const SparsePattern> pattern, Vector values) {
    Information information;
    information.values_ = std::move(values);
    information.pattern_ = std::move(pattern);
    return information;
  }

  // An empty one is nothing, whatever is stored of the other.
  Information& operator+=(const Information& other) {
    if (size() == 0) return *this = other;
    seal_ = nullptr;
    dense_ += other.dense_;
    values_ += other.values_;
    return *this;
  }

  Information& operator*=(double factor) {
    seal_ = nullptr;
    dense_ *= factor;
    values_ *= factor;
    return *this;
  }

  const SparsePattern* pattern() const { return pattern_.get(); }
  Index rows() const { return pattern_ ? pattern_->size() : dense_.rows(); }
  Index size() const { return dense_.size() + values_.size(); }  // numbers stored; 0: not known
  bool allFinite() const { return dense_.allFinite() && values_.allFinite(); }

  Vector diagonal() const {
    if (!pattern_) return dense_.diagonal();
    return Vector::NullaryExpr(rows(), [&](Index j) { return values_[pattern_->start[j]]; });
  }

  void add_to_diagonal(double value) {
    seal_ = nullptr;
    if (!pattern_) dense_.diagonal().array() += value;
    for (Index j = 0; pattern_ && j < rows(); ++j) values_[pattern_->start[j]] += value;
  }

  // The sum of the diagonal blocks of a size; a pattern is that of one block.
  Information sum_of_blocks(Index size) const {
    if (pattern_ || rows() == size) return *this;
    Matrix sum = Matrix::Zero(size, size);
    for (Index j = 0; j < rows(); j += size) sum += dense_.block(j, j, size, size);
    return sum;
  }

  // All of it, dense.
  Matrix complete() const {
    if (!pattern_) return dense_;
    Matrix complete = lower();
    complete.triangularView<Eigen::StrictlyUpper>() = complete.transpose();
    return complete;
  }

  // Its lower triangle, whatever is stored.
  Matrix lower() const {
    if (!pattern_) return dense_;
    Matrix lower = Matrix::Zero(rows(), rows());
    for (Index j = 0; j < rows(); ++j) {
      for (Index at = pattern_->start[j]; at < pattern_->start[j + 1]; ++at) {
        lower(pattern_->row[at], j) = values_[at];
      }
    }
    return lower;
  }

  // Times a vector; of a complete one.
  Vector times(const Vector& v) const {
    if (!pattern_) return dense_ * v;
    Vector product = Vector::Zero(v.size());
    for (Index j = 0; j < v.size(); ++j) {
      for (Index at = pattern_->start[j]; at < pattern_->start[j + 1]; ++at) {
        const Index i = pattern_->row[at];
        product[i] += values_[at] * v[j];
        if (i != j) product[j] += values_[at] * v[i];
      }
    }
    return product;
  }

  Matrix& dense() {
    seal_ = nullptr;
    return dense_;
  }
  const Matrix& dense() const { return dense_; }
  Vector& values() {
    seal_ = nullptr;
    return values_;
  }
  const Vector& values() const { return values_; }

  // What is sealed has the same numbers as whatever has the same seal, so that a factor of it
  // serves again. Changes break a seal.
  using Seal = std::shared_ptr<const char>;
  void seal() {
    if (!seal_) seal_ = std::make_shared<const char>('\0');
  }
  const Seal& seal_of() const { return seal_; }

 private:
  Seal seal_;
  std::shared_ptr<const SparsePattern> pattern_;
  Matrix dense_;
  Vector values_;  // on the pattern
};

// The log-likelihood is relative to the saturated model, so it is minus half the deviance.
struct Moments {
  double loglik = 0.0;      // with the penalty, once there is one
  double penalty = 0.0;     // what of it is not the rows'
  Vector score;             // p q; empty below Order::gradient
  Information information;  // p q x p q, dense: the lower triangle until it is complete; empty
                            // below Order::draft
  bool draft = false;       // the information is

  static Moments zero(Index size,
                      Order order,
                      const std::shared_ptr<const SparsePattern>& pattern = nullptr) {
    Moments moments;
    if (order >= Order::gradient) moments.score = Vector::Zero(size);
    moments.draft = order == Order::draft;
    if (order >= Order::draft) moments.information = Information::zero(size, pattern);
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
