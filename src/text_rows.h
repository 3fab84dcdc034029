// The rows of a file of text, some at a time. The first line has the names of the columns; every
// line has as many fields as the first, or is an error that names it. Fields are parted by a
// separator; one that begins with a quote ends with one, and may hold separators, ends of lines,
// and quotes that are doubled. Blanks around fields, and lines of nothing but blanks, mean nothing.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "text_values.h"
#include "unpack.h"

namespace fastlogit {

// What a column has in some rows.
struct TextColumn {
  Kind kind;                    // that has room for all, and for what was known
  std::vector<double> numbers;  // `missing` where there is no value; none of a text
  long misfit = -1;             // the first row of another kind than was known
  long inexact = -1;            // the first row that is not `exact`, see Value
};

class TextRows {
 public:
  // title: of the file, for messages; bytes: how much of the text is read at a time.
  TextRows(const std::string& path, const std::string& title, char separator, size_t bytes);

  const std::vector<std::string>& names() const { return names_; }

  // The numbers of the columns that are asked for from now on.
  void choose(const std::vector<int>& columns) { chosen_ = columns; }

  // On to the rows that end within the next bytes, one at least; false after the last.
  bool advance();

  long rows() const { return static_cast<long>(lines_.size()); }
  int columns() const { return static_cast<int>(chosen_.size()); }
  double line(long row) const { return lines_[row]; }
  const Field& field(long row, int chosen) const { return fields_[row * columns() + chosen]; }

  TextColumn column(int chosen, Kind known, double missing) const;

 private:
  enum class Scan { record, blank, cut };

  void read_more();
  void skip_mark();
  void read_names();
  void look_for_row_names();
  bool find_record(bool read, const char*& end);
  Scan scan(const char*& at);
  bool scan_field(const char*& at, Field& field);
  bool scan_quoted(const char*& at, Field& field);
  bool scan_end_of_line(const char*& at) const;
  void skip_blanks(const char*& at) const;
  bool is_blank(char c) const { return (c == ' ' || c == '\t') && c != separator_; }
  const char* end_of_text() const { return text_.data() + text_.size(); }
  void keep(const char* end);
  void check_width() const;
  [[noreturn]] void fail(double line, const std::string& what) const;

  std::string title_;
  char separator_;
  size_t step_;
  std::unique_ptr<Decompressor> bytes_;
  std::array<bool, 256> ends_field_{};
  std::vector<char> text_;
  size_t used_ = 0;         // of the text, by the rows at hand and those before
  bool whole_ = false;      // has all of the file been read?
  double line_ = 1.0;       // where the next record begins
  double ends_inside_ = 0;  // of lines, inside the quotes of the record
  std::vector<std::string> names_;
  size_t row_names_ = 0;  // columns without a name before the others: 0 or 1
  std::vector<int> chosen_;
  std::vector<Field> record_;
  std::vector<Field> fields_;  // of the chosen columns, row by row
  std::vector<double> lines_;
};

}  // namespace fastlogit
