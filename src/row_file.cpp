#include "row_file.h"

#include <cmath>
#include <cstring>
#include <limits>

namespace fastlogit {

namespace {

constexpr char kMark[8] = {'f', 'l', 'r', 'o', 'w', 's', '\n', '\0'};
constexpr std::uint64_t kVersion = 2;

std::uint64_t rotated(std::uint64_t x, int by) {
  return (x << by) | (x >> (64 - by));
}

// The fewest bytes that hold all the numbers, as they are.
std::uint64_t bytes_for(const std::vector<double>& numbers, Index n) {
  double least = 0.0;
  double most = 0.0;
  for (Index i = 0; i < n; ++i) {
    const double x = numbers[i];
    if (!(std::fabs(x) <= std::numeric_limits<std::int32_t>::max())) return 8;
    if (x != static_cast<std::int32_t>(x) || (x == 0.0 && std::signbit(x))) return 8;
    least = std::min(least, x);
    most = std::max(most, x);
  }
  if (least < 0.0) return 4;
  if (most <= std::numeric_limits<std::uint8_t>::max()) return 1;
  return most <= std::numeric_limits<std::uint16_t>::max() ? 2 : 4;
}

template <typename Whole>
void pack(const std::vector<double>& numbers, Index n, std::vector<char>& packed) {
  packed.resize(n * sizeof(Whole));
  for (Index i = 0; i < n; ++i) {
    const Whole whole = static_cast<Whole>(numbers[i]);
    std::memcpy(packed.data() + i * sizeof whole, &whole, sizeof whole);
  }
}

// visit(i, number) for the numbers of a segment.
template <typename Stored, typename Visit>
void unpack(const std::vector<char>& packed, Index n, const Visit& visit) {
  for (Index i = 0; i < n; ++i) {
    Stored stored;
    std::memcpy(&stored, packed.data() + i * sizeof stored, sizeof stored);
    visit(i, stored);
  }
}

template <typename Visit>
void unpack_any(const std::vector<char>& packed, std::uint64_t bytes, Index n, const Visit& visit) {
  if (bytes == 1) return unpack<std::uint8_t>(packed, n, visit);
  if (bytes == 2) return unpack<std::uint16_t>(packed, n, visit);
  if (bytes == 4) return unpack<std::int32_t>(packed, n, visit);
  unpack<double>(packed, n, visit);
}

std::uint64_t checksum_of(const std::vector<Segment>& index,
                          const std::vector<char>& notes,
                          RowFileTail tail) {
  tail.checksum = 0;
  return checksum(index.data(), index.size() * sizeof(Segment)) ^
         rotated(checksum(notes.data(), notes.size()), 1) ^
         rotated(checksum(&tail, sizeof tail), 2);
}

bool is_width(std::uint64_t bytes) {
  return bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
}

FileError damaged(const std::string& path) {
  return FileError("the file " + path + " is damaged");
}

}  // namespace

// Four lanes of multiplications, for the speed of memory; not against people.
std::uint64_t checksum(const void* bytes, size_t size) {
  constexpr std::uint64_t kPrime = 0x9E3779B185EBCA87u;
  std::uint64_t lanes[4] = {kPrime, kPrime + 1, kPrime + 2, kPrime + 3};
  const char* const from = static_cast<const char*>(bytes);
  size_t at = 0;
  for (; at + 32 <= size; at += 32) {
    std::uint64_t words[4];
    std::memcpy(words, from + at, sizeof words);
    for (int k = 0; k < 4; ++k) lanes[k] = rotated((lanes[k] ^ words[k]) * kPrime, 29);
  }
  std::uint64_t sum = size;
  for (; at < size; ++at) sum = rotated((sum ^ static_cast<unsigned char>(from[at])) * kPrime, 29);
  for (const std::uint64_t lane : lanes) sum = rotated((sum ^ lane) * kPrime, 31);
  return sum ^ (sum >> 29);
}

RowFileWriter::RowFileWriter(const std::string& path, Index columns, Index block_rows)
    : out_(path), block_rows_(block_rows), block_(columns, std::vector<double>(block_rows)) {}

void RowFileWriter::append(const std::vector<Numbers>& columns, Index n) {
  for (Index done = 0; done < n;) {
    const Index now = std::min(n - done, block_rows_ - filled_);
    for (size_t c = 0; c < columns.size(); ++c) {
      columns[c].copy_to({done, done + now}, block_[c].data() + filled_);
    }
    filled_ += now;
    rows_ += now;
    done += now;
    if (filled_ == block_rows_) write_block();
  }
}

void RowFileWriter::write_block() {
  for (const std::vector<double>& column : block_) {
    const std::uint64_t bytes = bytes_for(column, filled_);
    if (bytes == 1) pack<std::uint8_t>(column, filled_, packed_);
    if (bytes == 2) pack<std::uint16_t>(column, filled_, packed_);
    if (bytes == 4) pack<std::int32_t>(column, filled_, packed_);
    const void* const data = bytes == 8 ? static_cast<const void*>(column.data()) : packed_.data();
    index_.push_back({at_, checksum(data, bytes * filled_), bytes});
    write(data, bytes * filled_);
  }
  filled_ = 0;
}

void RowFileWriter::write(const void* bytes, size_t size) {
  out_.write(bytes, size);
  at_ += size;
}

void RowFileWriter::finish(const std::vector<char>& notes) {
  if (filled_ > 0) write_block();
  RowFileTail tail{};
  std::memcpy(tail.mark, kMark, sizeof kMark);
  tail.version = kVersion;
  tail.rows = rows_;
  tail.columns = block_.size();
  tail.block_rows = block_rows_;
  tail.index = at_;
  tail.notes = at_ + index_.size() * sizeof(Segment);
  tail.notes_size = notes.size();
  tail.checksum = checksum_of(index_, notes, tail);
  write(index_.data(), index_.size() * sizeof(Segment));
  write(notes.data(), notes.size());
  write(&tail, sizeof tail);
  out_.publish(NewFile::Older::stays);
}

RowFile::RowFile(const std::string& path) : path_(path) {
  const OldFile file(path);
  stamp_ = file.stamp();
  read_tail(file);
  read_index(file);
  read_notes(file);
  if (checksum_of(index_, notes_, tail_) != tail_.checksum) throw damaged(path_);
  checked_ = std::make_unique<std::atomic<bool>[]>(index_.size());
}

void RowFile::read_tail(const OldFile& file) {
  const std::uint64_t size = file.size();
  if (size < sizeof tail_ || !file.read(size - sizeof tail_, &tail_, sizeof tail_)) {
    throw damaged(path_);
  }
  if (std::memcmp(tail_.mark, kMark, sizeof kMark) != 0) throw damaged(path_);
  if (tail_.version != kVersion) {
    throw FileError("the file " + path_ + " was written by another version of the package");
  }
  if (!has_consistent_sizes(size)) throw damaged(path_);
}

// Segments, index, notes and tail fill the file, and the index is of all blocks and columns. No sum
// or product is formed that might not fit.
bool RowFile::has_consistent_sizes(std::uint64_t size) const {
  const std::uint64_t most = std::numeric_limits<std::int32_t>::max();  // of R's raw vectors
  const std::uint64_t end = size - sizeof tail_;
  if (tail_.index > tail_.notes || tail_.notes > end || tail_.notes_size != end - tail_.notes ||
      tail_.notes_size > most) {
    return false;
  }
  // Every row takes a byte of every column.
  if (tail_.columns < 1 || tail_.columns > size || tail_.rows > size) return false;
  if (tail_.block_rows < 1 || tail_.block_rows > static_cast<std::uint64_t>(kMostBlockRows)) {
    return false;
  }
  const std::uint64_t bytes = tail_.notes - tail_.index;
  const std::uint64_t segments = bytes / sizeof(Segment);
  if (bytes % sizeof(Segment) != 0 || segments % tail_.columns != 0) return false;
  return segments / tail_.columns == static_cast<std::uint64_t>(blocks());
}

// In parts, each of which is checked: an index takes no more memory than its segments account for.
void RowFile::read_index(const OldFile& file) {
  constexpr std::uint64_t kPart = 1 << 14;
  const std::uint64_t all = (tail_.notes - tail_.index) / sizeof(Segment);
  std::uint64_t end = 0;  // of the segments so far
  while (index_.size() < all) {
    const size_t known = index_.size();
    index_.resize(std::min<std::uint64_t>(all, known + kPart));
    const size_t bytes = (index_.size() - known) * sizeof(Segment);
    if (!file.read(tail_.index + known * sizeof(Segment), &index_[known], bytes)) {
      throw damaged(path_);
    }
    for (size_t i = known; i < index_.size(); ++i) {
      const Segment& segment = index_[i];
      if (segment.offset != end || !is_width(segment.bytes)) throw damaged(path_);
      end += segment.bytes * block(static_cast<Index>(i / tail_.columns)).size();
      if (end > tail_.index) throw damaged(path_);
    }
  }
  if (end != tail_.index) throw damaged(path_);
}

void RowFile::read_notes(const OldFile& file) {
  notes_.resize(tail_.notes_size);
  if (!file.read(tail_.notes, notes_.data(), notes_.size())) throw damaged(path_);
}

std::unique_ptr<ColumnReader> RowFile::reader() const {
  return std::make_unique<RowFileReader>(*this);
}

RowFileReader::RowFileReader(const RowFile& file) : file_(file), in_(file.path()) {}

const Segment& RowFileReader::segment(Index block, Index column) const {
  if (block < 0 || block >= file_.blocks() || column < 0 || column >= file_.columns()) {
    throw FileError("the file " + file_.path() + " has no such block or column");
  }
  return file_.index_[block * file_.columns() + column];
}

void RowFileReader::load(Index block, Index column, char* to) {
  const Segment& known = segment(block, column);
  std::atomic<bool>& checked = file_.checked_[block * file_.columns() + column];
  const size_t size = known.bytes * file_.block(block).size();
  const bool whole = in_.read(known.offset, to, size);
  // Asked after the bytes were read.
  const bool sure = checked.load(std::memory_order_relaxed) && in_.stamp().same_as(file_.stamp_);
  if (!whole || (!sure && checksum(to, size) != known.checksum)) {
    throw FileError("the file " + file_.path() + " is damaged in block " +
                    std::to_string(block + 1));
  }
  checked.store(true, std::memory_order_relaxed);
}

template <typename Visit>
void RowFileReader::visit_whole(Index block, Index column, const Visit& visit) {
  const std::uint64_t bytes = segment(block, column).bytes;
  const Index n = file_.block(block).size();
  packed_.resize(bytes * n);
  load(block, column, packed_.data());
  unpack_any(packed_, bytes, n, visit);
}

void RowFileReader::read(Index block, Index column, double* out) {
  if (segment(block, column).bytes == sizeof(double)) {
    return load(block, column, reinterpret_cast<char*>(out));
  }
  visit_whole(block, column, [&](Index i, auto number) { out[i] = static_cast<double>(number); });
}

template <typename Out>
void RowFileReader::translate(
    Index block, Index column, const std::vector<Out>& table, Out least, Out* out) {
  const double last = static_cast<double>(table.size());
  bool known = true;
  visit_whole(block, column, [&](Index i, auto number) {
    const bool has_level = number >= 1 && number <= last;  // not so of NaN
    out[i] = has_level ? table[static_cast<size_t>(number) - 1] : Out();
    known = known && has_level && out[i] >= least;
  });
  if (!known) throw FileError("the file " + file_.path() + " has codes of no known level");
}

void RowFileReader::read(
    Index block, Index column, const std::vector<int>& table, int least, int* out) {
  translate(block, column, table, least, out);
}

void RowFileReader::read(Index block, Index column, const std::vector<double>& table, double* out) {
  translate(block, column, table, 0.0, out);
}

}  // namespace fastlogit
