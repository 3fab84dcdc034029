// A column that is to be added to a model, as it is apart from that.
#pragma once

#include <array>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "reweighted_problem.h"

namespace fastlogit {

// Fills in the numbers of a column, for all rows, NaN where they are missing. Called by several
// threads at a time.
using CandidateReader = std::function<void(Index column, double* numbers)>;

// What a column is, apart from the model. Rows that are left out, or have no weight, do not count.
struct AddedColumn {
  Vector numbers;              // multiplied by the scale, 0 where they are missing
  double scale = 1.0;          // a power of two, such that none is above 1 in size
  std::vector<Index> missing;  // rows
  Index rows = 0;
  Index nonzero = 0;
  double mean = std::numeric_limits<double>::quiet_NaN();
  double least = std::numeric_limits<double>::infinity();
  double largest = -std::numeric_limits<double>::infinity();
  bool finite = true;
};

// Which rows have no value.
std::vector<Index> missing_rows(const CandidateReader& read,
                                Index number,
                                const SharedRows& shared);

// Column `number` as it is read.
AddedColumn described_column(const CandidateReader& read, Index number, const SharedRows& shared);

// The least and the largest number of the rows with failures, and of those with successes, that
// have a weight; of two classes.
std::array<std::pair<double, double>, 2> ranges_by_outcome(const Vector& numbers,
                                                           const Response& response,
                                                           const double* weight);

}  // namespace fastlogit
