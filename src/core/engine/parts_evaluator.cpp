#include "parts_evaluator.h"

namespace fastlogit {

PartsEvaluator::PartsEvaluator(const Pieces& pieces,
                               std::shared_ptr<const Family> family,
                               int threads,
                               Heartbeat heartbeat,
                               Index thinning)
    : pieces_(pieces),
      family_(std::move(family)),
      threads_(threads),
      heartbeat_(std::move(heartbeat)),
      readers_(threads),
      partition_(pieces.count(), affordable_strips(), 1, thinning) {}

Moments PartsEvaluator::evaluate(const Vector& beta, Order order, Curvature curvature) {
  return sum<Moments>(Moments::zero(size(), order), [&](MemoryEvaluator& rows, Moments& sum) {
    sum += rows.evaluate(beta, order, curvature);
  });
}

std::vector<Moments> PartsEvaluator::gradients(const std::vector<Vector>& points) {
  const Moments zero = Moments::zero(size(), Order::gradient);
  // By point and strip.
  std::vector<std::vector<Moments>> parts(points.size(), {size_t(partition_.strips()), zero});
  for_each_piece([&](Index strip, MemoryEvaluator& rows) {
    const std::vector<Moments> here = rows.gradients(points);
    for (size_t i = 0; i < points.size(); ++i) parts[i][strip] += here[i];
  });
  std::vector<Moments> all;
  for (std::vector<Moments>& strips : parts) all.push_back(sum_in_order(strips));
  return all;
}

double PartsEvaluator::gradient_cost() const {
  return gradient_share(pieces_.columns(), family_->predictors());
}

Matrix PartsEvaluator::triangular_factor(const Vector& beta) {
  std::vector<Matrix> parts(partition_.strips());
  for_each_piece([&](Index strip, MemoryEvaluator& rows) {
    parts[strip] = merge(parts[strip], rows.triangular_factor(beta));
  });
  return merge(parts);
}

RowProducts PartsEvaluator::products(const Vector& beta, const Matrix& directions) {
  const Index m = directions.cols();
  const RowProducts zero{Matrix::Zero(directions.rows(), m), Vector::Zero(m)};
  return sum<RowProducts>(zero, [&](MemoryEvaluator& rows, RowProducts& sum) {
    sum += rows.products(beta, directions);
  });
}

Vector PartsEvaluator::adjustment(const Vector& beta, Adjustment kind, const Information& inverse) {
  return sum<Vector>(Vector::Zero(size()), [&](MemoryEvaluator& rows, Vector& sum) {
    sum += rows.adjustment(beta, kind, inverse);
  });
}

Vector PartsEvaluator::cubes(const Vector& beta, const Matrix& directions) {
  return sum<Vector>(Vector::Zero(directions.cols()), [&](MemoryEvaluator& rows, Vector& sum) {
    sum += rows.cubes(beta, directions);
  });
}

void PartsEvaluator::run(Index tasks, const Work& work) {
  run_parallel(tasks, threads_, work, heartbeat_);
}

int PartsEvaluator::threads() const {
  return static_cast<int>(std::min<Index>(threads_, partition_.strips()));
}

std::pair<double, double> PartsEvaluator::range_of_predictors(const Vector& beta) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::vector<std::pair<double, double>> parts(partition_.strips(), {kInfinity, -kInfinity});
  for_each_piece([&](Index strip, MemoryEvaluator& rows) {
    Matrix eta(rows.count(), family_->predictors());
    Vector no_weights;
    rows.at_rows(beta, eta, no_weights);
    const std::pair<double, double> piece = family_->range(eta);
    parts[strip].first = std::min(parts[strip].first, piece.first);
    parts[strip].second = std::max(parts[strip].second, piece.second);
  });
  std::pair<double, double> range = parts.front();
  for (const auto& part : parts) {
    range = {std::min(range.first, part.first), std::max(range.second, part.second)};
  }
  return range;
}

Index PartsEvaluator::affordable_strips() const {
  constexpr Index kNumbers = Index{1} << 22;
  return kNumbers / std::max<Index>(1, size() * size());
}

}  // namespace fastlogit
