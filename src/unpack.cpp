#include "unpack.h"

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <new>
#include <utility>
#include <vector>

namespace fastlogit {

namespace {

// The bytes as they are in the file.
class Input {
 public:
  Input(const std::string& path, std::string title)
      : title_(std::move(title)), file_(std::fopen(path.c_str(), "rb")), buffer_(1 << 16) {
    if (!file_) throw unreadable();
  }
  ~Input() {
    if (file_) std::fclose(file_);
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  // Bytes that are there, at least one unless the file is at its end.
  std::size_t available() {
    if (at_ == filled_) {
      at_ = 0;
      filled_ = std::fread(buffer_.data(), 1, buffer_.size(), file_);
      if (filled_ == 0 && std::ferror(file_)) throw unreadable();
    }
    return filled_ - at_;
  }
  const char* bytes() const { return buffer_.data() + at_; }
  void skip(std::size_t size) { at_ += size; }

  TextFileError cut() const {
    return TextFileError(title_ + " ends before its compressed data do: was it cut short?");
  }
  TextFileError damaged() const {
    return TextFileError("the compressed data of " + title_ + " are damaged");
  }

 private:
  TextFileError unreadable() const {
    return TextFileError(title_ + " cannot be read: " + std::strerror(errno));
  }

  std::string title_;
  std::FILE* file_;
  std::vector<char> buffer_;
  std::size_t at_ = 0;
  std::size_t filled_ = 0;
};

class Plain : public Decompressor {
 public:
  explicit Plain(std::unique_ptr<Input> input) : input_(std::move(input)) {}

  std::size_t read(char* to, std::size_t size) override {
    std::size_t done = 0;
    while (done < size) {
      const std::size_t now = std::min(size - done, input_->available());
      if (now == 0) break;
      std::copy(input_->bytes(), input_->bytes() + now, to + done);
      input_->skip(now);
      done += now;
    }
    return done;
  }

 private:
  std::unique_ptr<Input> input_;
};

enum class Step { going_on, end_of_member, failed };

// Codec: begin() before a member; step(from, available, to, room), which moves its arguments on.
template <typename Codec>
class Packed : public Decompressor {
 public:
  explicit Packed(std::unique_ptr<Input> input) : input_(std::move(input)) {}

  std::size_t read(char* to, std::size_t size) override {
    std::size_t room = size;
    while (room > 0) {
      const std::size_t available = input_->available();
      if (!inside_ && available == 0) break;
      if (!inside_ && !begin_member()) continue;
      const std::size_t before = room;
      std::size_t left = available;
      const char* from = input_->bytes();
      const Step step = codec_.step(from, left, to, room);
      input_->skip(available - left);
      if (step == Step::failed) throw input_->damaged();
      inside_ = step == Step::going_on;
      // All that was in the file may still be on its way through.
      if (inside_ && available == 0 && room == before) throw input_->cut();
    }
    return size - room;
  }

 private:
  // Zeros may fill a file up after its last member.
  bool begin_member() {
    if (members_ > 0 && *input_->bytes() == '\0') {
      input_->skip(1);
      padded_ = true;
      return false;
    }
    if (padded_ || !codec_.begin()) throw input_->damaged();
    ++members_;
    return inside_ = true;
  }

  std::unique_ptr<Input> input_;
  Codec codec_;
  long members_ = 0;
  bool inside_ = false;
  bool padded_ = false;
};

// What the three libraries have in common but the type of their streams: pointers and counts.
template <typename Stream, typename Byte, typename Run>
Step run_stream(
    Stream& stream, const char*& from, std::size_t& left, char*& to, std::size_t& room, Run run) {
  constexpr std::size_t kMost = 1u << 30;  // counts may be of 32 bits
  const std::size_t in = std::min(left, kMost);
  const std::size_t out = std::min(room, kMost);
  stream.next_in = reinterpret_cast<Byte*>(const_cast<char*>(from));
  stream.next_out = reinterpret_cast<Byte*>(to);
  stream.avail_in = in;
  stream.avail_out = out;
  const Step step = run();
  const std::size_t taken = in - stream.avail_in;
  const std::size_t given = out - stream.avail_out;
  from += taken;
  left -= taken;
  to += given;
  room -= given;
  return step;
}

class Gzip {
 public:
  ~Gzip() { inflateEnd(&stream_); }
  bool begin() {
    inflateEnd(&stream_);
    stream_ = z_stream();
    return inflateInit2(&stream_, 15 + 16) == Z_OK;  // gzip's header and no other
  }
  Step step(const char*& from, std::size_t& left, char*& to, std::size_t& room) {
    return run_stream<z_stream, Bytef>(stream_, from, left, to, room, [&] {
      const int code = inflate(&stream_, Z_NO_FLUSH);
      if (code == Z_MEM_ERROR) throw std::bad_alloc();
      if (code == Z_STREAM_END) return Step::end_of_member;
      return code == Z_OK || code == Z_BUF_ERROR ? Step::going_on : Step::failed;
    });
  }

 private:
  z_stream stream_{};
};

class Bzip2 {
 public:
  ~Bzip2() { BZ2_bzDecompressEnd(&stream_); }
  bool begin() {
    BZ2_bzDecompressEnd(&stream_);
    stream_ = bz_stream();
    return BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK;
  }
  Step step(const char*& from, std::size_t& left, char*& to, std::size_t& room) {
    return run_stream<bz_stream, char>(stream_, from, left, to, room, [&] {
      const int code = BZ2_bzDecompress(&stream_);
      if (code == BZ_MEM_ERROR) throw std::bad_alloc();
      if (code == BZ_STREAM_END) return Step::end_of_member;
      return code == BZ_OK ? Step::going_on : Step::failed;
    });
  }

 private:
  bz_stream stream_{};
};

class Xz {
 public:
  ~Xz() { lzma_end(&stream_); }
  bool begin() { return lzma_stream_decoder(&stream_, UINT64_MAX, 0) == LZMA_OK; }
  Step step(const char*& from, std::size_t& left, char*& to, std::size_t& room) {
    return run_stream<lzma_stream, std::uint8_t>(stream_, from, left, to, room, [&] {
      const lzma_ret code = lzma_code(&stream_, LZMA_RUN);
      if (code == LZMA_MEM_ERROR) throw std::bad_alloc();
      if (code == LZMA_STREAM_END) return Step::end_of_member;
      return code == LZMA_OK || code == LZMA_BUF_ERROR ? Step::going_on : Step::failed;
    });
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

bool begins_with(Input& input, const std::string& magic) {
  return input.available() >= magic.size() && std::equal(magic.begin(), magic.end(), input.bytes());
}

}  // namespace

std::unique_ptr<Decompressor> open_bytes(const std::string& path, const std::string& title) {
  auto input = std::make_unique<Input>(path, title);
  if (begins_with(*input, "\x1f\x8b")) return std::make_unique<Packed<Gzip>>(std::move(input));
  if (begins_with(*input, "BZh")) return std::make_unique<Packed<Bzip2>>(std::move(input));
  if (begins_with(*input,
                  std::string("\xfd"
                              "7zXZ\0",
                              6))) {
    return std::make_unique<Packed<Xz>>(std::move(input));
  }
  const auto named = [&](const std::string& end) {
    return path.size() > end.size() && path.compare(path.size() - end.size(), end.size(), end) == 0;
  };
  if (named(".gz") || named(".bz2") || named(".xz")) {
    throw TextFileError(title + " is not compressed as its name says, or was cut short");
  }
  return std::make_unique<Plain>(std::move(input));
}

}  // namespace fastlogit
