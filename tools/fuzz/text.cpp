// Files of any bytes, plain or packed: reading one either says what is wrong with it or gives rows
// that do not depend on how much is read at a time, and that are the same again when they are
// written in quotes.
#include <unistd.h>

#include <fstream>
#include <string>
#include <vector>

#include "input.h"
#include "text_rows.h"

using namespace fastlogit;

namespace {

struct Table {
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> rows;
  std::vector<double> lines;
  std::string error;
};

void write_bytes(const std::string& path, const char* data, size_t size) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(data, static_cast<std::streamsize>(size));
}

// The kinds and numbers of a column, which must be in the bounds of what they say.
void check_column(const TextRows& rows, int column) {
  const TextColumn values = rows.column(column, Kind::none, -1.0);
  const bool is_text = values.kind == Kind::text;
  REQUIRE(values.numbers.size() == (is_text ? 0 : static_cast<size_t>(rows.rows())),
          "%d numbers",
          static_cast<int>(values.numbers.size()));
  REQUIRE(values.inexact < rows.rows() && values.misfit < rows.rows(), "%ld", values.misfit);
}

Table read_table(const std::string& path, char separator, size_t bytes) {
  Table table;
  try {
    TextRows rows(path, "a file", separator, bytes);
    table.names = rows.names();
    std::vector<int> all(table.names.size());
    for (size_t j = 0; j < all.size(); ++j) all[j] = static_cast<int>(j);
    rows.choose(all);
    while (rows.advance()) {
      for (long i = 0; i < rows.rows(); ++i) {
        std::vector<std::string> row;
        for (int j = 0; j < rows.columns(); ++j) row.push_back(rows.field(i, j).text());
        table.rows.push_back(row);
        table.lines.push_back(rows.line(i));
      }
      for (int j = 0; j < rows.columns(); ++j) check_column(rows, j);
    }
  } catch (const TextFileError& error) {
    table.error = error.what();
  }
  return table;
}

std::string quoted(const std::vector<std::string>& fields, char separator) {
  std::string line;
  for (const std::string& field : fields) {
    if (!line.empty()) line += separator;
    line += '"';
    for (const char c : field) line += c == '"' ? std::string("\"\"") : std::string(1, c);
    line += '"';
  }
  return line + "\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  static const std::string path = "/tmp/fuzz-text-" + std::to_string(getpid());
  if (size < 2) return 0;
  const char separator = ",;\t|"[data[0] % 4];
  write_bytes(path, reinterpret_cast<const char*>(data + 2), size - 2);
  const Table whole = read_table(path, separator, 1 << 16);
  const Table parts = read_table(path, separator, data[1]);
  // A zero byte is an error where it is read, so the rows before it may be more or fewer.
  REQUIRE(whole.error.empty() == parts.error.empty(),
          "%s / %s",
          whole.error.c_str(),
          parts.error.c_str());
  if (!whole.error.empty()) return 0;
  REQUIRE(whole.names == parts.names && whole.lines == parts.lines,
          "%d names, %d rows",
          static_cast<int>(whole.names.size()),
          static_cast<int>(whole.rows.size()));
  REQUIRE(whole.rows == parts.rows, "%d rows", static_cast<int>(whole.rows.size()));

  std::string text = quoted(whole.names, separator);
  for (const auto& row : whole.rows) text += quoted(row, separator);
  write_bytes(path, text.data(), text.size());
  const Table again = read_table(path, separator, 1 << 16);
  REQUIRE(again.error.empty(), "%s", again.error.c_str());
  REQUIRE(again.names == whole.names && again.rows == whole.rows,
          "%d rows",
          static_cast<int>(again.rows.size()));
  return 0;
}
