// Files of rows with bytes changed, cut off and put behind: reading one either says what is wrong
// with it or gives the numbers that were written.
#include "row_file.h"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "input.h"

using namespace fastlogit;

namespace {

constexpr Index kRows = 300;
constexpr Index kColumns = 4;
constexpr Index kBlockRows = 64;

std::string folder() {
  return "/tmp/fuzz-rows-" + std::to_string(getpid());
}

// A column of numbers of any size, of small and larger whole numbers, and of a constant.
double value(Index row, Index column) {
  switch (column) {
    case 0:
      return std::sin(static_cast<double>(row)) * 1e5;
    case 1:
      return static_cast<double>(row % 3);
    case 2:
      return static_cast<double>(row * 997 % 70000);
    default:
      return 1.0;
  }
}

std::vector<char> written_file() {
  const std::string path = folder() + ".whole";
  std::vector<std::vector<double>> columns(kColumns, std::vector<double>(kRows));
  std::vector<Numbers> numbers;
  for (Index j = 0; j < kColumns; ++j) {
    for (Index i = 0; i < kRows; ++i) columns[j][i] = value(i, j);
    Numbers of;
    of.doubles = columns[j].data();
    numbers.push_back(of);
  }
  {
    RowFileWriter writer(path, kColumns, kBlockRows);
    writer.append(numbers, kRows);
    writer.finish({'n', 'o', 't', 'e', 's'});
  }
  std::ifstream in(path, std::ios::binary);
  const std::vector<char> bytes((std::istreambuf_iterator<char>(in)), {});
  unlink(path.c_str());
  return bytes;
}

std::vector<char> damaged(std::vector<char> bytes, Input& input) {
  while (!input.empty()) {
    const unsigned kind = input.byte() % 8;
    // Most damage goes to the end, where the sizes are.
    if (bytes.empty()) return bytes;
    const double last = static_cast<double>(bytes.size() - 1);
    const size_t at =
        static_cast<size_t>(kind % 2 == 0 ? last * input.within(0.0, 1.0)
                                          : std::max(0.0, last - input.within(0.0, 900.0)));
    if (kind == 6) bytes.resize(at);
    if (kind == 7) bytes.insert(bytes.end(), input.byte(), static_cast<char>(input.byte()));
    if (kind < 6) bytes[at] = static_cast<char>(input.byte());
  }
  return bytes;
}

void read_all(const std::string& path) {
  const RowFile file(path);
  REQUIRE(file.rows() == kRows && file.columns() == kColumns,
          "%d x %d",
          static_cast<int>(file.rows()),
          static_cast<int>(file.columns()));
  RowFileReader reader(file);
  for (Index block = 0; block < file.blocks(); ++block) {
    const Rows rows = file.block(block);
    std::vector<double> out(rows.size());
    for (Index j = 0; j < kColumns; ++j) {
      reader.read(block, j, out.data());
      for (Index i = 0; i < rows.size(); ++i) {
        REQUIRE(out[i] == value(rows.begin + i, j),
                "row %d, column %d: %.17g",
                static_cast<int>(rows.begin + i),
                static_cast<int>(j),
                out[i]);
      }
    }
    // Codes beyond their table are an error of the file, too.
    const std::vector<double> table(3, 0.5);
    reader.read(block, 1, table, out.data());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  static const std::vector<char> whole = written_file();
  Input input(data, size);
  const std::vector<char> bytes = damaged(whole, input);
  const std::string path = folder() + ".damaged";
  {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  try {
    read_all(path);
  } catch (const FileError&) {
  }
  return 0;
}
