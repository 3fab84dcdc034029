// Rows in a file, in the fewest bytes: blocks of rows, in each of them column by column.
//
//   segments   a column of a block: doubles, or whole numbers in 1, 2 or 4 bytes where all of the
//              segment are small enough; each with a checksum
//   index      of the segments, block by block
//   notes      whatever the writer has to say, as bytes
//   tail       sizes and places, at the very end: a file that was cut short has none
//
// Numbers are as the machine has them: on another kind of machine the tail is not recognised. All
// that a file says of itself is checked before it is used, and its segments when they are read,
// again where the file has been changed meanwhile: it may have been damaged, or made, by anybody.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/design/sources.h"
#include "core/engine/stored_columns.h"
#include "files.h"

namespace fastlogit {

std::uint64_t checksum(const void* bytes, size_t size);

// A column of a block.
struct Segment {
  std::uint64_t offset;
  std::uint64_t checksum;
  std::uint64_t bytes;  // of a number: 8 for doubles, 1, 2 or 4 for whole numbers
};

// The last bytes of a file.
struct RowFileTail {
  char mark[8];
  std::uint64_t version;
  std::uint64_t rows;
  std::uint64_t columns;
  std::uint64_t block_rows;
  std::uint64_t index;  // where it begins
  std::uint64_t notes;
  std::uint64_t notes_size;
  std::uint64_t checksum;  // of index, notes and all above
};

// More is no block of ours, and would ask for memory that no file accounts for.
constexpr Index kMostBlockRows = 1 << 16;

// The file has its name when it is finished; one that another process has made meanwhile stays.
class RowFileWriter {
 public:
  RowFileWriter(const std::string& path, Index columns, Index block_rows);

  // n rows of all columns.
  void append(const std::vector<Numbers>& columns, Index n);

  void finish(const std::vector<char>& notes);

  Index rows() const { return rows_; }

 private:
  void write_block();
  void write(const void* bytes, size_t size);

  NewFile out_;
  Index block_rows_;
  Index rows_ = 0;
  Index filled_ = 0;  // rows of the block under way
  std::uint64_t at_ = 0;
  std::vector<std::vector<double>> block_;
  std::vector<Segment> index_;
  std::vector<char> packed_;
};

class RowFile final : public StoredColumns {
 public:
  explicit RowFile(const std::string& path);

  Index rows() const { return static_cast<Index>(tail_.rows); }
  Index columns() const { return static_cast<Index>(tail_.columns); }
  Index block_rows() const override { return static_cast<Index>(tail_.block_rows); }
  Index blocks() const override { return (rows() + block_rows() - 1) / block_rows(); }
  Rows block(Index number) const override {
    const Index begin = number * block_rows();
    return {begin, std::min(begin + block_rows(), rows())};
  }
  std::unique_ptr<ColumnReader> reader() const override;
  const std::vector<char>& notes() const { return notes_; }
  const std::string& path() const { return path_; }

 private:
  friend class RowFileReader;

  void read_tail(const OldFile& file);
  void read_index(const OldFile& file);
  void read_notes(const OldFile& file);
  bool has_consistent_sizes(std::uint64_t size) const;

  std::string path_;
  RowFileTail tail_{};
  std::vector<Segment> index_;
  std::vector<char> notes_;
  FileStamp stamp_;
  // Segments whose checksum was right, and still is, as long as the file has not been changed.
  std::unique_ptr<std::atomic<bool>[]> checked_;
};

class RowFileReader final : public ColumnReader {
 public:
  explicit RowFileReader(const RowFile& file);

  void read(Index block, Index column, double* out) override;
  void read(Index block, Index column, const std::vector<int>& table, int least, int* out) override;
  void read(Index block, Index column, const std::vector<double>& table, double* out) override;

 private:
  const Segment& segment(Index block, Index column) const;
  void load(Index block, Index column, char* to);
  // visit(i, number) for the numbers of a segment.
  template <typename Visit>
  void visit_whole(Index block, Index column, const Visit& visit);
  template <typename Out>
  void translate(Index block, Index column, const std::vector<Out>& table, Out least, Out* out);

  const RowFile& file_;
  OldFile in_;
  std::vector<char> packed_;
};

}  // namespace fastlogit
