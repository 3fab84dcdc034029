// Rows whose columns are stored in blocks, wherever that is: from a block's columns to a design and
// a response.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "../design/builder.h"
#include "parts_evaluator.h"
#include "stored_columns.h"

namespace fastlogit {

// Columns are counted from 0; a table says what a code of the stored numbers stands for.

// A variable: columns of numbers, or a factor, where there is a table.
struct StoredVariable {
  std::vector<int> columns;
  Vector largest;          // of each column
  std::vector<int> table;  // for each code its level
};

// A term: the numbers of its variables, and the contrasts of each that is a factor.
struct StoredTerm {
  std::vector<int> variables;
  std::vector<Eigen::SparseMatrix<double>> contrasts;
};

struct StoredDesign {
  Index columns = 0;  // p
  std::vector<StoredVariable> variables;
  std::vector<StoredTerm> terms;
};

// Columns are empty, or tables, where there are none.
struct StoredResponse {
  std::vector<int> y;
  std::vector<double> outcome;  // for each code of y
  std::vector<int> complement;
  std::vector<int> weight;
  std::vector<int> category;
  std::vector<int> classes;  // for each code of the category
  std::vector<int> offset;   // for each predictor
  std::vector<int> set;      // at most one: the numbers of matched sets
  std::vector<int> base;     // at most one: what is subtracted from the offsets
  double unit = 1.0;         // of the weights
  bool single = false;       // every y is 0 or 1, and there is no complement
};

struct StoredRows {
  const StoredColumns& stored;
  StoredDesign design;
  StoredResponse response;
  // A direction of recession: at its end, rows whose linear predictor along it is not zero have no
  // weight; of many classes, those that fall behind along it are none of the row's.
  Vector leave_out;
};

// Buffers of a block, and the design that reads them.
class BlockReader final : public PieceReader {
 public:
  explicit BlockReader(const StoredRows& rows);

  Piece read(Index number) override;

  // Of the design's columns: powers of two.
  Vector scale() { return builder(rows_.stored.block_rows()).scale(); }

 private:
  struct Buffers {
    std::vector<std::vector<double>> numbers;
    std::vector<int> codes;
  };

  DesignBuilder builder(Index n) const;
  Response read_response(Index number, Index n);
  void read_columns(Index number, Index n, const std::vector<int>& columns, Matrix& out);
  void leave_out(Index n);

  // By offsets; the baseline's is zero.
  void leave_out_classes(const Matrix& along, double zero);

  const StoredRows& rows_;
  std::unique_ptr<ColumnReader> in_;
  std::vector<Buffers> variables_;
  std::unique_ptr<Design> design_;
  Matrix y_;
  Matrix complement_;
  Matrix weight_;
  Matrix offset_;
  Matrix base_;
  std::vector<int> category_;
  std::vector<int> set_;
};

class StoredPieces final : public Pieces {
 public:
  // The rows have to outlive the pieces.
  explicit StoredPieces(const StoredRows& rows) : rows_(rows) {}
  Index count() const override { return rows_.stored.blocks(); }
  Index columns() const override { return rows_.design.columns; }
  std::unique_ptr<PieceReader> reader() const override {
    return std::make_unique<BlockReader>(rows_);
  }

 private:
  const StoredRows& rows_;
};

}  // namespace fastlogit
