// Stored columns in other blocks: such as have all rows of a matched set. The rows lie in the order
// of their sets; a block of theirs is put together from those that it has parts of.
#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "stored_columns.h"

namespace fastlogit {

class SetBlocks final : public StoredColumns {
 public:
  // set: the column of the sets' numbers, which never fall. The stored columns have to outlive
  // these.
  SetBlocks(const StoredColumns& stored, Index set) : stored_(stored) {
    const std::unique_ptr<ColumnReader> in = stored.reader();
    std::vector<double> numbers(stored.block_rows());
    double last = -1.0;
    Index rows = 0;
    for (Index number = 0; number < stored.blocks(); ++number) {
      const Rows block = stored.block(number);
      in->read(number, set, numbers.data());
      for (Index i = 0; i < block.size(); ++i, ++rows) {
        const bool begins = numbers[i] != last;
        if (begins && (starts_.empty() || rows - starts_.back() >= stored.block_rows())) {
          starts_.push_back(rows);
        }
        last = numbers[i];
      }
    }
    starts_.push_back(rows);
    for (Index number = 0; number < blocks(); ++number) {
      most_ = std::max(most_, block(number).size());
    }
  }

  Index blocks() const override { return static_cast<Index>(starts_.size()) - 1; }
  Index block_rows() const override { return most_; }
  Rows block(Index number) const override { return {starts_[number], starts_[number + 1]}; }
  std::unique_ptr<ColumnReader> reader() const override { return std::make_unique<Reader>(*this); }

 private:
  class Reader final : public ColumnReader {
   public:
    explicit Reader(const SetBlocks& blocks) : blocks_(blocks), in_(blocks.stored_.reader()) {}

    void read(Index block, Index column, double* out) override {
      put_together(
          block, numbers_, out, [&](Index part, double* to) { in_->read(part, column, to); });
    }
    void read(
        Index block, Index column, const std::vector<int>& table, int least, int* out) override {
      put_together(block, codes_, out, [&](Index part, int* to) {
        in_->read(part, column, table, least, to);
      });
    }
    void read(Index block, Index column, const std::vector<double>& table, double* out) override {
      put_together(block, numbers_, out, [&](Index part, double* to) {
        in_->read(part, column, table, to);
      });
    }

   private:
    template <typename Number, typename Read>
    void put_together(Index number, std::vector<Number>& scratch, Number* out, const Read& read) {
      const StoredColumns& stored = blocks_.stored_;
      const Rows wanted = blocks_.block(number);
      scratch.resize(stored.block_rows());
      for (Index part = wanted.begin / stored.block_rows(); part < stored.blocks(); ++part) {
        const Rows there = stored.block(part);
        if (there.begin >= wanted.end) return;
        const Rows common{std::max(there.begin, wanted.begin), std::min(there.end, wanted.end)};
        read(part, scratch.data());
        std::copy(scratch.begin() + (common.begin - there.begin),
                  scratch.begin() + (common.end - there.begin),
                  out + (common.begin - wanted.begin));
      }
    }

    const SetBlocks& blocks_;
    std::unique_ptr<ColumnReader> in_;
    std::vector<double> numbers_;
    std::vector<int> codes_;
  };

  const StoredColumns& stored_;
  std::vector<Index> starts_;  // of the blocks, and one past the last row
  Index most_ = 1;             // rows of a block
};

}  // namespace fastlogit
