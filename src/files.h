// Files as the package makes and reads them: private to the user, made anew and never through a
// link, and seen under their names when they are whole.
#pragma once

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace fastlogit {

// What is wrong with a file, in a sentence.
struct FileError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// There is no room for it.
struct DiskFull : FileError {
  explicit DiskFull(const std::string& path)
      : FileError("the disk of " + path + " is full, or cannot be written") {}
};

// An open file, closed with it.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  bool close();  // did all of it get written?

 private:
  int number_;
};

// Written under a temporary name next to `path`, which is another one for each: other processes
// may be writing the same file. It goes with this object unless it has been published.
class NewFile {
 public:
  // What becomes of a file that has got the name before.
  enum class Older { stays, replaced };

  explicit NewFile(std::string path);
  ~NewFile();

  void write(const void* bytes, std::size_t size);

  // Gives the file its name. Where an older one stays, this one goes.
  void publish(Older older);

 private:
  void remove();

  std::string path_;
  std::string temporary_;
  Descriptor out_;
};

// Two that are known and equal are of one file that has not been changed in between.
struct FileStamp {
  bool known = false;
  std::array<std::uint64_t, 5> facts{};

  bool same_as(const FileStamp& other) const {
    return known && other.known && facts == other.facts;
  }
};

// Read from any place, on one thread.
class OldFile {
 public:
  explicit OldFile(std::string path);

  std::uint64_t size() const { return size_; }
  const std::string& path() const { return path_; }

  // Are there so many bytes?
  bool read(std::uint64_t offset, void* out, std::size_t bytes) const;

  // Which file it is, and when it was changed last; not known on every system.
  FileStamp stamp() const;

 private:
  std::string path_;
  Descriptor in_;
  std::uint64_t size_ = 0;
};

}  // namespace fastlogit
