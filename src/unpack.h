// The bytes of a file, plain or unpacked: by what it begins with, gzip, bzip2 or xz, of one or
// several members. The end of a packed file is told from a place where it was cut.
#pragma once

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>

namespace fastlogit {

// What is wrong with a file of text, in a sentence.
struct TextFileError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Decompressor {
 public:
  virtual ~Decompressor() = default;
  // Fewer bytes than `size` at the end only.
  virtual std::size_t read(char* to, std::size_t size) = 0;
};

// title: of the file, for messages.
std::unique_ptr<Decompressor> open_bytes(const std::string& path, const std::string& title);

}  // namespace fastlogit
