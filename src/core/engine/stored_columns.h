// Contract: columns of numbers that are stored in blocks of rows, such as those of a file.
#pragma once

#include <memory>
#include <vector>

#include "../types.h"

namespace fastlogit {

// Reads the columns of blocks, on one thread.
class ColumnReader {
 public:
  virtual ~ColumnReader() = default;
  virtual void read(Index block, Index column, double* out) = 0;
  // Whole numbers, each replaced by what the table has for it, which must not be less than `least`.
  virtual void read(
      Index block, Index column, const std::vector<int>& table, int least, int* out) = 0;
  virtual void read(Index block, Index column, const std::vector<double>& table, double* out) = 0;
};

// Columns are counted from 0.
class StoredColumns {
 public:
  virtual ~StoredColumns() = default;
  virtual Index blocks() const = 0;
  virtual Index block_rows() const = 0;  // at most
  virtual Rows block(Index number) const = 0;
  virtual std::unique_ptr<ColumnReader> reader() const = 0;
};

}  // namespace fastlogit
