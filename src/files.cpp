#include "files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <utility>

#ifdef _WIN32
#include <io.h>
#include <process.h>
#include <windows.h>
#else
#include <unistd.h>
#endif

namespace fastlogit {

namespace {

#ifdef _WIN32
constexpr int kReadOnly = _O_RDONLY | _O_BINARY | _O_NOINHERIT;
constexpr int kCreateNew = _O_WRONLY | _O_CREAT | _O_EXCL | _O_BINARY | _O_NOINHERIT;
constexpr int kPrivate = _S_IREAD | _S_IWRITE;

int process_id() {
  return _getpid();
}

std::int64_t seek(int file, std::uint64_t offset) {
  return _lseeki64(file, static_cast<std::int64_t>(offset), SEEK_SET);
}

void flush_to_disk(int file) {
  _commit(file);
}

bool is_plain_file(const std::string& path, int file) {
  const DWORD attributes = GetFileAttributesA(path.c_str());
  const bool link =
      attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_REPARSE_POINT);
  struct _stat64 facts;
  return !link && _fstat64(file, &facts) == 0 && (facts.st_mode & _S_IFREG);
}

std::uint64_t size_of(int file) {
  return static_cast<std::uint64_t>(_filelengthi64(file));
}

FileStamp stamp_of(int) {
  return {};  // times are whole seconds
}

bool replace(const std::string& from, const std::string& to) {
  return MoveFileExA(from.c_str(), to.c_str(), MOVEFILE_REPLACE_EXISTING);
}

// False where there is such a file already.
bool give_name(const std::string& from, const std::string& to) {
  return MoveFileExA(from.c_str(), to.c_str(), 0) || GetLastError() == ERROR_ALREADY_EXISTS ||
         GetLastError() == ERROR_FILE_EXISTS;
}
#else
// A pipe would make the reader wait for whoever writes into it.
constexpr int kReadOnly = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
constexpr int kCreateNew = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
constexpr int kPrivate = S_IRUSR | S_IWUSR;

int process_id() {
  return static_cast<int>(::getpid());
}

std::int64_t seek(int file, std::uint64_t offset) {
  return ::lseek(file, static_cast<off_t>(offset), SEEK_SET);
}

void flush_to_disk(int file) {
  ::fsync(file);
}

bool is_plain_file(const std::string&, int file) {
  struct stat facts;
  return ::fstat(file, &facts) == 0 && S_ISREG(facts.st_mode);
}

std::uint64_t size_of(int file) {
  struct stat facts;
  return ::fstat(file, &facts) == 0 ? static_cast<std::uint64_t>(facts.st_size) : 0;
}

// By the time of the last change, which nobody can set.
FileStamp stamp_of(int file) {
  struct stat facts;
  if (::fstat(file, &facts) != 0) return {};
#ifdef __APPLE__
  const timespec changed = facts.st_ctimespec;
#else
  const timespec changed = facts.st_ctim;
#endif
  return {true,
          {static_cast<std::uint64_t>(facts.st_dev),
           static_cast<std::uint64_t>(facts.st_ino),
           static_cast<std::uint64_t>(facts.st_size),
           static_cast<std::uint64_t>(changed.tv_sec),
           static_cast<std::uint64_t>(changed.tv_nsec)}};
}

bool replace(const std::string& from, const std::string& to) {
  return std::rename(from.c_str(), to.c_str()) == 0;
}

// A link, unlike a new name, does not replace what is there; not every disk has them.
bool give_name(const std::string& from, const std::string& to) {
  if (::link(from.c_str(), to.c_str()) == 0 || errno == EEXIST) return true;
  return replace(from, to);
}
#endif

std::string temporary_name(const std::string& path) {
  static unsigned made = 0;
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  char unlike[64];
  std::snprintf(unlike,
                sizeof unlike,
                ".%x-%llx-%x.part",
                process_id(),
                static_cast<unsigned long long>(now),
                ++made);
  return path + unlike;
}

}  // namespace

bool Descriptor::close() {
  if (number_ < 0) return true;
  const int number = number_;
  number_ = -1;
  return ::close(number) == 0;
}

NewFile::NewFile(std::string path)
    : path_(std::move(path)),
      temporary_(temporary_name(path_)),
      out_(::open(temporary_.c_str(), kCreateNew, kPrivate)) {
  if (!out_.is_open()) {
    if (errno == ENOSPC) throw DiskFull(path_);
    throw FileError("the file " + temporary_ + " cannot be written: " + std::strerror(errno));
  }
}

NewFile::~NewFile() {
  remove();
}

void NewFile::remove() {
  out_.close();
  if (!temporary_.empty()) std::remove(temporary_.c_str());
  temporary_.clear();
}

void NewFile::write(const void* bytes, std::size_t size) {
  constexpr std::size_t kMost = 1u << 30;  // systems differ in how much they take at once
  const char* from = static_cast<const char*>(bytes);
  while (size > 0) {
    const auto written = ::write(out_.number(), from, static_cast<unsigned>(std::min(size, kMost)));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) throw DiskFull(path_);
    from += written;
    size -= static_cast<std::size_t>(written);
  }
}

void NewFile::publish(Older older) {
  if (older == Older::replaced) flush_to_disk(out_.number());
  if (!out_.close()) throw DiskFull(path_);
  const bool named =
      older == Older::replaced ? replace(temporary_, path_) : give_name(temporary_, path_);
  if (!named) throw FileError("the file " + path_ + " cannot be written: " + std::strerror(errno));
  remove();
}

OldFile::OldFile(std::string path) : path_(std::move(path)), in_(::open(path_.c_str(), kReadOnly)) {
  if (!in_.is_open()) {
    throw FileError("the file " + path_ + " cannot be read: " + std::strerror(errno));
  }
  if (!is_plain_file(path_, in_.number())) throw FileError(path_ + " is no plain file");
  size_ = size_of(in_.number());
}

bool OldFile::read(std::uint64_t offset, void* out, std::size_t bytes) const {
  constexpr std::size_t kMost = 1u << 30;
  if (offset > size_ || bytes > size_ - offset) return false;
  if (bytes == 0) return true;
  if (seek(in_.number(), offset) < 0) return false;
  char* to = static_cast<char*>(out);
  while (bytes > 0) {
    const auto found = ::read(in_.number(), to, static_cast<unsigned>(std::min(bytes, kMost)));
    if (found < 0 && errno == EINTR) continue;
    if (found <= 0) return false;
    to += found;
    bytes -= static_cast<std::size_t>(found);
  }
  return true;
}

FileStamp OldFile::stamp() const {
  return stamp_of(in_.number());
}

}  // namespace fastlogit
