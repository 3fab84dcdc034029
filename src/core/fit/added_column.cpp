#include "added_column.h"

#include <algorithm>
#include <cmath>

#include "../linalg/scaling.h"

namespace fastlogit {

namespace {

Vector numbers_of(const CandidateReader& read, Index number, const SharedRows& shared) {
  Vector numbers(shared.rows.design.rows());
  read(number, numbers.data());
  return numbers;
}

// Counts the rows that have a weight, and sets what the others hold to zero.
void look_at_each(const double* weight, AddedColumn& column) {
  double sum = 0.0;
  for (Index i = 0; i < column.numbers.size(); ++i) {
    double& x = column.numbers[i];
    if (std::isnan(x)) {
      column.missing.push_back(i);
      x = 0.0;
    } else if (weight && weight[i] == 0.0) {
      x = 0.0;
    } else {
      ++column.rows;
      if (x != 0.0) ++column.nonzero;
      sum += x;
      column.least = std::min(column.least, x);
      column.largest = std::max(column.largest, x);
    }
  }
  column.mean = sum / static_cast<double>(column.rows);
}

// The same of rows that all count, without a branch for each.
void look_at_all(double sum, AddedColumn& column) {
  column.rows = column.numbers.size();
  column.nonzero = (column.numbers.array() != 0.0).count();
  column.mean = sum / static_cast<double>(column.rows);
  column.least = column.numbers.minCoeff();
  column.largest = column.numbers.maxCoeff();
}

// Which of the two outcomes has a row?
std::array<bool, 2> outcomes_of(const Response& response, Index i) {
  if (response.category) return {response.category[i] == 0, response.category[i] != 0};
  if (response.stride > 0) return {response.y[i] > 0.0, response.y[i + response.stride] > 0.0};
  const double y = response.y[i];
  return {response.complement ? response.complement[i] > 0.0 : y<1.0, y> 0.0};
}

}  // namespace

std::vector<Index> missing_rows(const CandidateReader& read,
                                Index number,
                                const SharedRows& shared) {
  const Vector numbers = numbers_of(read, number, shared);
  std::vector<Index> missing;
  if (std::isfinite(numbers.sum())) return missing;
  for (Index i = 0; i < numbers.size(); ++i) {
    if (std::isnan(numbers[i])) missing.push_back(i);
  }
  return missing;
}

AddedColumn described_column(const CandidateReader& read, Index number, const SharedRows& shared) {
  AddedColumn column;
  column.numbers = numbers_of(read, number, shared);
  const double* const weight = shared.rows.response.weight;
  const double sum = column.numbers.sum();
  if (!weight && std::isfinite(sum)) {
    look_at_all(sum, column);
  } else {
    look_at_each(weight, column);
  }
  const double size = std::max(std::fabs(column.least), std::fabs(column.largest));
  column.finite = column.rows == 0 || std::isfinite(size);
  if (column.rows > 0 && column.finite) column.scale = 1.0 / power_of_two_above(size);
  column.numbers *= column.scale;
  return column;
}

std::array<std::pair<double, double>, 2> ranges_by_outcome(const Vector& numbers,
                                                           const Response& response,
                                                           const double* weight) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::array<std::pair<double, double>, 2> ranges;
  ranges.fill({kInfinity, -kInfinity});
  for (Index i = 0; i < numbers.size(); ++i) {
    if (weight && weight[i] == 0.0) continue;
    const std::array<bool, 2> has = outcomes_of(response, i);
    for (int outcome = 0; outcome < 2; ++outcome) {
      if (!has[outcome]) continue;
      ranges[outcome].first = std::min(ranges[outcome].first, numbers[i]);
      ranges[outcome].second = std::max(ranges[outcome].second, numbers[i]);
    }
  }
  return ranges;
}

}  // namespace fastlogit
