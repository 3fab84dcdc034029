#include "memory_evaluator.h"

namespace fastlogit {

MemoryEvaluator::MemoryEvaluator(const Design& design,
                                 std::shared_ptr<const Family> family,
                                 Response response,
                                 const double* offset,
                                 int threads,
                                 Heartbeat heartbeat,
                                 Index thinning)
    : rows_(design, std::move(family), response, offset),
      design_(design),
      family_(rows_.family()),
      threads_(design.numbers() / thinning * family_.predictors() < kWorthThreads ? 1 : threads),
      heartbeat_(std::move(heartbeat)),
      partition_(design.rows(),
                 affordable_strips() / thinning,
                 thinning > 1 ? kSampleBlock : design.block_rows(),
                 thinning) {}

Moments MemoryEvaluator::evaluate(const Vector& beta, Order order, Curvature curvature) {
  return std::move(moments_at({beta}, order, curvature).front());
}

std::vector<Moments> MemoryEvaluator::gradients(const std::vector<Vector>& points) {
  return moments_at(points, Order::gradient, Curvature::observed);
}

double MemoryEvaluator::gradient_cost() const {
  if (design_.rows() * size() < kWorthThreads) return 1.0;
  return gradient_share(design_.cols(), family_.predictors());
}

Matrix MemoryEvaluator::triangular_factor(const Vector& beta) {
  const Vector in_cells = rows_.to_cells(beta);
  std::vector<Matrix> parts(partition_.strips());
  for_each_block([&](Index strip, Rows rows) {
    parts[strip] = merge(parts[strip], rows_.weighted_rows(rows, in_cells));
  });
  return merge(parts);
}

RowProducts MemoryEvaluator::products(const Vector& beta, const Matrix& directions) {
  const Index m = directions.cols();
  std::vector<RowProducts> parts(partition_.strips(),
                                 {Matrix::Zero(directions.rows(), m), Vector::Zero(m)});
  for_each_block([&](Index strip, Rows rows) {
    const Vector weight = rows_.total_weight(rows, beta);
    for (Index j = 0; j < m; ++j) {
      Vector residual = Vector::Zero(rows.size());
      design_.predict(rows, directions.col(j), residual);
      parts[strip].squares[j] += weight.dot(residual.cwiseAbs2());
      design_.add_score(rows, weight.cwiseProduct(residual), parts[strip].cross.col(j));
    }
  });
  return sum_in_order(parts);
}

Vector MemoryEvaluator::adjustment(const Vector& beta,
                                   Adjustment kind,
                                   const Information& inverse) {
  const Design& design = rows_.in_basis();
  const Index q = family_.predictors();
  const Index cells = design.cells();
  const Vector in_cells = rows_.to_cells(beta);
  const Leverages leverages(design, q, inverse);
  std::vector<Vector> parts(partition_.strips(), Vector::Zero(cells * q));
  for_each_block([&](Index strip, Rows rows) {
    Matrix residual = Matrix::Zero(rows.size(), q);
    const Matrix eta = rows_.predict(rows, in_cells);
    family_.add_adjustment(eta, rows_.response(rows.begin), kind, leverages.of(rows), residual);
    for (Index j = 0; j < q; ++j) {
      design.add_score(rows, residual.col(j), parts[strip].segment(j * cells, cells));
    }
  });
  return score_from_cells(design, q, sum_in_order(parts));
}

Vector MemoryEvaluator::cubes(const Vector& beta, const Matrix& directions) {
  const Index q = family_.predictors();
  const Index m = directions.cols();
  const Vector in_cells = rows_.to_cells(beta);
  Matrix steps(design_.cells(), q * m);  // q columns for each direction
  for (Index k = 0; k < m; ++k) {
    const Vector step = rows_.to_cells(directions.col(k));
    steps.middleCols(k * q, q) = Eigen::Map<const Matrix>(step.data(), design_.cells(), q);
  }
  std::vector<Vector> parts(partition_.strips(), Vector::Zero(m));
  for_each_block([&](Index strip, Rows rows) {
    Matrix along = Matrix::Zero(rows.size(), steps.cols());
    for (Index j = 0; j < along.cols(); ++j) design_.predict(rows, steps.col(j), along.col(j));
    family_.add_cubes(
        rows_.predict(rows, in_cells), rows_.response(rows.begin), along, parts[strip]);
  });
  return sum_in_order(parts);
}

void MemoryEvaluator::run(Index tasks, const Work& work) {
  run_parallel(tasks, threads_, work, heartbeat_);
}

int MemoryEvaluator::threads() const {
  return static_cast<int>(std::min<Index>(threads_, partition_.strips()));
}

void MemoryEvaluator::at_rows(const Vector& beta, MatrixRef eta, VectorRef weight) {
  const Vector in_cells = rows_.to_cells(beta);
  for_each_block([&](Index, Rows rows) {
    auto here = eta.middleRows(rows.begin, rows.size());
    here = rows_.predict(rows, in_cells);
    if (weight.size() == 0) return;
    Matrix residual(rows.size(), 1);
    family_.evaluate(here,
                     rows_.response(rows.begin),
                     Order::information,
                     Curvature::expected,
                     residual,
                     weight.segment(rows.begin, rows.size()));
  });
}

std::vector<Moments> MemoryEvaluator::moments_at(const std::vector<Vector>& points,
                                                 Order order,
                                                 Curvature curvature) {
  std::vector<Vector> in_cells;
  for (const Vector& beta : points) in_cells.push_back(rows_.to_cells(beta));
  const Moments zero =
      Moments::zero(rows_.in_basis().cells() * family_.predictors(), order, rows_.pattern());
  // By point and strip.
  std::vector<std::vector<Moments>> parts(points.size(), {size_t(partition_.strips()), zero});
  for_each_block([&](Index strip, Rows rows) {
    for (size_t i = 0; i < points.size(); ++i) {
      rows_.add_block(rows, in_cells[i], order, curvature, parts[i][strip]);
    }
  });
  std::vector<Moments> all;
  for (std::vector<Moments>& strips : parts) {
    Moments total = sum_in_order(strips);
    total.loglik += rows_.constant();
    all.push_back(moments_from_cells(rows_.in_basis(), family_.predictors(), total, order));
  }
  return all;
}

Index MemoryEvaluator::affordable_strips() const {
  const std::shared_ptr<const SparsePattern> sparse = rows_.pattern();
  const Index q = family_.predictors();
  const Index moments = sparse ? static_cast<Index>(sparse->row.size()) : size() * size();
  return design_.numbers() * q / (4 * std::max<Index>(1, moments));
}

}  // namespace fastlogit
