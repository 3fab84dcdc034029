#include "coordinates.h"

#include <limits>
#include <numeric>

#include "../sums/products.h"
#include "../sums/reach.h"
#include "../sums/triangle.h"
#include "tuning.h"

namespace fastlogit {

Coordinates::Coordinates(Evaluator& rows,
                         Index columns,
                         std::vector<bool> known,
                         std::vector<bool> fixed)
    : rows_(rows),
      tolerance_(known.empty() ? kAliased : 0.0),
      known_(std::move(known)),
      fixed_(std::move(fixed)),
      columns_([&rows](Index tasks, const Work& work) { rows.run(tasks, work); }),
      system_([&rows](Index tasks, const Work& work) { rows.run(tasks, work); }) {
  rows_.set_basis(basis_);
  leave_out(std::vector<bool>(columns, false));
}

bool Coordinates::decide_rank(const Information& information, const Vector& beta) {
  // Columns of nothing need no proof; there may be many of them, of levels without a row.
  if (!rows_.has_dense_rows()) leave_out(of_nothing(information));
  rank_was_clear_ = factorise_columns(information) > kRankIsClear;
  if (rank_was_clear_) {
    columns_.forget();  // as large as the information
    return without_aliased(beta) != beta;
  }
  if (!rows_.has_dense_rows()) {
    leave_out(dependent_columns(information, beta));
    return without_aliased(beta) != beta;
  }
  const Matrix factor = rows_.total(TriangleSum(beta));
  leave_out(aliased_columns(factor, tolerance_));
  if (factorise_columns(information) > kRankIsClear) return without_aliased(beta) != beta;
  return change_basis(inverse_of_kept(factor, aliased_));
}

bool Coordinates::has_clear_rank(const Information& draft) {
  rank_of_draft_ = factorise_columns(draft) > kDraftServes;
  columns_.forget();
  return rank_of_draft_;
}

bool Coordinates::rank_changes(const Information& information, const Vector& beta) {
  if (rank_of_draft_) {
    rank_of_draft_ = false;
    return decide_rank(information, beta);
  }
  if (rank_was_clear_ && (rows_.has_dense_rows() || of_nothing(information) == aliased_)) {
    return false;
  }
  if (!rows_.has_dense_rows()) {
    const std::vector<bool> before = aliased_;
    leave_out(dependent_columns(information, beta));
    return aliased_ != before;
  }
  const Matrix factor = rows_.total(TriangleSum(beta));
  const std::vector<bool> aliased = aliased_columns(factor, tolerance_);
  if (aliased == aliased_) return false;
  leave_out(aliased);
  change_basis(inverse_of_kept(factor, aliased_));
  return true;
}

bool Coordinates::restore_basis(const Vector& beta) {
  if (!rows_.has_dense_rows()) return false;
  return change_basis(inverse_of_kept(rows_.total(TriangleSum(beta)), aliased_));
}

bool Coordinates::improve_basis(const Information& information) {
  if (!rows_.has_dense_rows()) return false;
  if (factorise_columns(information) > kBasisServes) return false;
  // The factor of one with a pattern is in an order of its own.
  if (factor_of_columns().is_sparse()) factorise_columns(information.lower());
  Matrix inverse = factor_of_columns().inverse_factor();
  for (Index j = 0; j < columns(); ++j) {
    if (aliased_[j]) inverse(j, j) = 0.0;  // all there is in its row and its column
  }
  return change_basis(orthogonalised() ? Matrix(basis_ * inverse) : inverse);
}

void Coordinates::regularise(bool on) {
  if (on) {
    basis_ = Matrix();
    rows_.set_basis(basis_);
  }
  regularised_ = on;
}

bool Coordinates::ill_conditioned() const {
  return !rows_.has_dense_rows() && system_.smallest_pivot_ratio() < kDigitsLost;
}

bool Coordinates::factorise(const Information& information) {
  if (!regularised_) {
    if (factorised_ && information.seal_of() == factorised_) return definite_;
    definite_ = system_.compute(information, left_out_);
    factorised_ = information.seal_of();
    return definite_;
  }
  factorised_ = nullptr;
  Information regularised = information;
  regularised.add_to_diagonal(kRegularisation * information.diagonal().maxCoeff());
  return system_.compute(regularised, left_out_);
}

Step Coordinates::newton_step(const Vector& score) const {
  auto [gamma, form] = system_.solve_with_form(free_part(score));
  return {std::move(gamma), 0.5 * form};
}

bool Coordinates::certify(const Vector& score, const Vector& beta) const {
  const Vector step = to_beta(newton_step(score).gamma);
  // Steps in columns that nearly depend on each other cancel in the rows.
  if (system_.smallest_pivot_ratio() > kCertificatePivot) {
    return step.lpNorm<1>() < kCertificateStep ||
           (orthogonalised() && rows_.total(ReachSum(step)) < kCertificateStep);
  }
  if (rows_.has_dense_rows() || regularised_ || rows_.size() != columns()) return false;
  return corrected_reach(score, beta, step) < kCertificateStep;
}

double Coordinates::corrected_reach(const Vector& score, const Vector& beta, Vector step) const {
  double last = std::numeric_limits<double>::infinity();
  for (int correction = 0; correction < kCorrections; ++correction) {
    const Vector left = score - rows_.total(ProductsSum(beta, step)).cross.col(0);
    const Vector change = system_.solve(free_part(left));
    const double farther = rows_.total(ReachSum(change));
    if (!(farther <= std::max(kCorrectionShrinks * last, kCorrectionIsRounding))) {
      return std::numeric_limits<double>::infinity();
    }
    step += change;
    last = farther;
  }
  return rows_.total(ReachSum(step)) + last;
}

Vector Coordinates::without_aliased(Vector beta) const {
  for (Index j = 0; j < beta.size(); ++j) {
    if (is_aliased(j)) beta[j] = 0.0;
  }
  return beta;
}

Vector Coordinates::free_part(Vector score) const {
  for (Index j = 0; j < score.size(); ++j) {
    if (left_out_[j]) score[j] = 0.0;
  }
  return score;
}

InformationFactor Coordinates::factor() const {
  if (system_.is_sparse()) return system_.sparse_factor();
  DenseFactor factor = orthogonalised() ? factor_in_columns() : system_.dense_factor(left_out_);
  return {std::make_shared<const DenseFactor>(std::move(factor)), nullptr, {}};
}

DenseFactor Coordinates::factor_in_columns() const {
  const Matrix basis = kept_block(basis_);
  Matrix upper = kept_block(system_.upper());
  for (Index j = 0; j < upper.cols(); j += basis.cols()) {
    auto block = upper.middleCols(j, basis.cols());
    block = basis.triangularView<Eigen::Upper>().solve<Eigen::OnTheRight>(block).eval();
  }
  std::vector<Index> kept(upper.cols());
  std::iota(kept.begin(), kept.end(), 0);
  const Vector unscaled = Vector::Ones(upper.cols());
  return {std::make_shared<const Matrix>(upper.transpose()), unscaled, std::move(kept)};
}

double Coordinates::factorise_columns(const Information& information) {
  const bool definite = of_system() ? factorise(information)
                        : information.rows() == columns()
                            ? columns_.compute(information, aliased_)
                            : columns_.compute(information.sum_of_blocks(columns()), aliased_);
  return definite ? factor_of_columns().smallest_pivot_ratio() : 0.0;
}

std::vector<bool> Coordinates::dependent_columns(const Information& information,
                                                 const Vector& beta) {
  // What is formed row by row has the expected weights.
  const Information expected =
      rows_.canonical()
          ? information
          : rows_.total(MomentsSum(beta, Order::information, Curvature::expected)).information;
  return Dependence(rows_, beta, expected.sum_of_blocks(columns()), columns_)
      .aliased_columns(tolerance_);
}

std::vector<bool> Coordinates::of_nothing(const Information& information) const {
  const Vector diagonal = information.diagonal();
  std::vector<bool> nothing(columns(), true);
  for (Index j = 0; j < diagonal.size(); ++j) {
    if (diagonal[j] != 0.0) nothing[j % columns()] = false;
  }
  for (size_t j = 0; j < known_.size(); ++j) nothing[j] = nothing[j] || known_[j];
  return nothing;
}

bool Coordinates::change_basis(Matrix basis) {
  if (!fixed_.empty() || !basis.allFinite()) return false;
  basis_ = std::move(basis);
  rows_.set_basis(basis_);
  return true;
}

void Coordinates::leave_out(std::vector<bool> aliased) {
  factorised_ = nullptr;
  aliased_ = std::move(aliased);
  for (size_t j = 0; j < known_.size(); ++j) aliased_[j] = aliased_[j] || known_[j];
  left_out_.resize(rows_.size());
  for (Index j = 0; j < rows_.size(); ++j) {
    left_out_[j] = is_aliased(j) || (!fixed_.empty() && fixed_[j]);
  }
}

Matrix Coordinates::kept_block(const Matrix& all) const {
  const bool of_system = all.rows() == static_cast<Index>(left_out_.size());
  const std::vector<bool>& left_out = of_system ? left_out_ : aliased_;
  std::vector<Index> kept;
  for (Index j = 0; j < all.rows(); ++j) {
    if (!left_out[j]) kept.push_back(j);
  }
  const Index size = static_cast<Index>(kept.size());
  return Matrix::NullaryExpr(size, size, [&](Index i, Index j) { return all(kept[i], kept[j]); });
}

}  // namespace fastlogit
