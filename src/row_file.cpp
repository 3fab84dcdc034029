#include "row_file.h"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <utility>

namespace fastlogit {

namespace {

constexpr char kMark[8] = {'f', 'l', 'r', 'o', 'w', 's', '\n', '\0'};
constexpr std::uint64_t kVersion = 1;

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

RowFileWriter::RowFileWriter(std::string path, Index columns, Index block_rows)
    : path_(std::move(path)),
      temporary_(path_ + ".part"),
      out_(temporary_, std::ios::binary | std::ios::trunc),
      block_rows_(block_rows),
      block_(columns, std::vector<double>(block_rows)) {
  if (!out_) throw RowFileError("the file " + temporary_ + " cannot be written");
}

RowFileWriter::~RowFileWriter() {
  if (finished_) return;
  out_.close();
  std::remove(temporary_.c_str());
}

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
  out_.write(static_cast<const char*>(bytes), static_cast<std::streamsize>(size));
  check_written();
  at_ += size;
}

void RowFileWriter::check_written() const {
  if (!out_) throw DiskFull(temporary_);
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
  out_.close();
  check_written();
  std::remove(path_.c_str());  // not every system renames onto a file
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) {
    throw RowFileError("the file " + path_ + " cannot be written");
  }
  finished_ = true;
}

RowFile::RowFile(std::string path) : path_(std::move(path)) {
  std::ifstream in(path_, std::ios::binary | std::ios::ate);
  if (!in) throw RowFileError("the file " + path_ + " cannot be read");
  const std::uint64_t size = static_cast<std::uint64_t>(in.tellg());
  const auto damaged = [&] { return RowFileError("the file " + path_ + " is damaged"); };
  if (size < sizeof tail_) throw damaged();
  const auto read = [&](std::uint64_t offset, void* out, size_t bytes) {
    in.seekg(static_cast<std::streamoff>(offset));
    in.read(static_cast<char*>(out), static_cast<std::streamsize>(bytes));
    if (!in) throw damaged();
  };
  read(size - sizeof tail_, &tail_, sizeof tail_);
  if (std::memcmp(tail_.mark, kMark, sizeof kMark) != 0) throw damaged();
  if (tail_.version != kVersion) {
    throw RowFileError("the file " + path_ + " was written by another version of the package");
  }
  const bool sound = tail_.block_rows > 0 && tail_.index <= tail_.notes && tail_.notes <= size &&
                     tail_.notes_size <= size - tail_.notes;
  if (!sound) throw damaged();
  index_.resize((tail_.notes - tail_.index) / sizeof(Segment));
  notes_.resize(tail_.notes_size);
  if (static_cast<Index>(index_.size()) != blocks() * columns()) throw damaged();
  read(tail_.index, index_.data(), index_.size() * sizeof(Segment));
  read(tail_.notes, notes_.data(), notes_.size());
  if (checksum_of(index_, notes_, tail_) != tail_.checksum) throw damaged();
  checked_ = std::make_unique<std::atomic<bool>[]>(index_.size());
}

RowFileReader::RowFileReader(const RowFile& file) : file_(file) {
  in_.rdbuf()->pubsetbuf(nullptr, 0);  // segments are read whole
  in_.open(file.path(), std::ios::binary);
  if (!in_) throw RowFileError("the file " + file.path() + " cannot be read");
}

std::uint64_t RowFileReader::width(Index block, Index column) const {
  return file_.index_[block * file_.columns() + column].bytes;
}

void RowFileReader::load(Index block, Index column, char* to) {
  const size_t number = block * file_.columns() + column;
  const Segment& segment = file_.index_[number];
  const size_t size = segment.bytes * file_.block(block).size();
  in_.seekg(static_cast<std::streamoff>(segment.offset));
  in_.read(to, static_cast<std::streamsize>(size));
  const bool whole = static_cast<bool>(in_);
  in_.clear();
  const bool known = file_.checked_[number].load(std::memory_order_relaxed);
  if (!whole || (!known && checksum(to, size) != segment.checksum)) {
    throw RowFileError("the file " + file_.path() + " is damaged in block " +
                       std::to_string(block + 1));
  }
  file_.checked_[number].store(true, std::memory_order_relaxed);
}

template <typename Visit>
void RowFileReader::visit_whole(Index block, Index column, const Visit& visit) {
  const Index n = file_.block(block).size();
  packed_.resize(width(block, column) * n);
  load(block, column, packed_.data());
  unpack_any(packed_, width(block, column), n, visit);
}

void RowFileReader::read(Index block, Index column, double* out) {
  if (width(block, column) == sizeof(double)) {
    return load(block, column, reinterpret_cast<char*>(out));
  }
  visit_whole(block, column, [&](Index i, auto number) { out[i] = static_cast<double>(number); });
}

template <typename Out>
void RowFileReader::translate(Index block, Index column, const std::vector<Out>& table, Out* out) {
  const size_t last = table.size();
  bool known = true;
  visit_whole(block, column, [&](Index i, auto number) {
    const size_t code = static_cast<size_t>(number) - 1;
    known = known && code < last;
    out[i] = code < last ? table[code] : Out();
  });
  if (!known) throw RowFileError("the file " + file_.path() + " has codes of no known level");
}

void RowFileReader::read(Index block, Index column, const std::vector<int>& table, int* out) {
  translate(block, column, table, out);
}

void RowFileReader::read(Index block, Index column, const std::vector<double>& table, double* out) {
  translate(block, column, table, out);
}

}  // namespace fastlogit
