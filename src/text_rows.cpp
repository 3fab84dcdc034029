#include "text_rows.h"

#include <algorithm>
#include <cstring>

namespace fastlogit {

namespace {

// Longer than any row: a quotation that is not closed would take the rest of the file.
constexpr size_t kLongestRow = size_t(1) << 28;

std::string counted(size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

bool begins_with(const std::vector<char>& text, const std::string& mark) {
  return text.size() >= mark.size() && std::equal(mark.begin(), mark.end(), text.begin());
}

}  // namespace

TextRows::TextRows(const std::string& path, const std::string& title, char separator, size_t bytes)
    : title_(title),
      separator_(separator),
      step_(std::max<size_t>(bytes, 4)),  // a mark of the byte order is among the first
      bytes_(open_bytes(path, title)) {
  for (const char c : {separator, '\n', '\r'}) ends_field_[static_cast<unsigned char>(c)] = true;
  read_more();
  skip_mark();
  read_names();
  look_for_row_names();
}

void TextRows::fail(double line, const std::string& what) const {
  throw TextFileError("line " + std::to_string(static_cast<long long>(line)) + " of " + title_ +
                      " " + what);
}

bool TextRows::advance() {
  fields_.clear();
  lines_.clear();
  const char* end;
  while (find_record(lines_.empty(), end)) {
    check_width();
    for (const int column : chosen_) fields_.push_back(record_[row_names_ + column]);
    lines_.push_back(line_);
    keep(end);
  }
  return !lines_.empty();
}

TextColumn TextRows::column(int chosen, Kind known, double missing) const {
  TextColumn out{known, {}};
  if (known == Kind::text) return out;
  out.numbers.assign(rows(), missing);
  for (long row = 0; row < rows(); ++row) {
    const Field& here = field(row, chosen);
    if (is_missing(here, out.kind)) continue;
    const Value value = value_of(here);
    const Kind kind = joined(out.kind, value.kind);
    if (kind != out.kind && out.misfit < 0) out.misfit = row;
    if (!value.exact && out.inexact < 0) out.inexact = row;
    out.kind = kind;
    if (kind == Kind::text) break;
    out.numbers[row] = value.number;
  }
  if (out.kind == Kind::text) out.numbers.clear();
  return out;
}

// --- the first lines -----------------------------------------------------------------------------

// The byte order mark.
void TextRows::skip_mark() {
  if (begins_with(text_, "\xff\xfe") || begins_with(text_, "\xfe\xff")) {
    throw TextFileError(title_ + " is in UTF-16: convert it to UTF-8");
  }
  if (begins_with(text_, "\xef\xbb\xbf")) used_ = 3;
}

void TextRows::read_names() {
  const char* end;
  if (!find_record(true, end)) {
    throw TextFileError(title_ + " is empty: its first line must have the names of the columns");
  }
  for (const Field& field : record_) {
    const std::string unnamed = "V" + std::to_string(names_.size() + 1);
    names_.push_back(field.empty() ? unnamed : field.text());
  }
  keep(end);
}

// As write.table() writes them: in quotes, before the columns that the first line names. Without
// quotes a decimal comma, or a separator at the ends of lines, would look the same.
void TextRows::look_for_row_names() {
  const char* end;
  if (!find_record(true, end) || record_.size() != names_.size() + 1) return;
  if (record_.front().quoted) row_names_ = 1;
}

void TextRows::check_width() const {
  const size_t width = row_names_ + names_.size();
  if (record_.size() == width) return;
  fail(line_,
       "has " + counted(record_.size(), "field") + " where " + std::to_string(width) +
           " are expected: no row is filled up, cut or left out, so take out what is no row, and "
           "quote what holds the separator");
}

// --- from bytes to records -----------------------------------------------------------------------

// Only while no row is at hand, as fields point to the text.
void TextRows::read_more() {
  text_.erase(text_.begin(), text_.begin() + used_);
  used_ = 0;
  const size_t old = text_.size();
  if (old > kLongestRow) {
    fail(line_, "begins a row of more than 256 MB: is a quotation not closed?");
  }
  const size_t bytes = std::max(step_, old);
  text_.resize(old + bytes);
  const size_t read = bytes_->read(text_.data() + old, bytes);
  text_.resize(old + read);
  whole_ = read < bytes;
  const auto zero = std::find(text_.begin() + old, text_.end(), '\0');
  if (zero == text_.end()) return;
  fail(line_ + std::count(text_.begin(), zero, '\n'),
       "holds a zero byte: the file is damaged, or in UTF-16, and has to be in UTF-8");
}

// Puts the next record that is not blank into record_; false where there is none, or none that
// ends in the text that is there when no more may be read.
bool TextRows::find_record(bool read, const char*& end) {
  for (;;) {
    end = text_.data() + used_;
    const Scan found = scan(end);
    if (found == Scan::record) return true;
    if (found == Scan::blank) {
      keep(end);
    } else if (whole_ || !read) {
      return false;
    } else {
      read_more();
    }
  }
}

void TextRows::keep(const char* end) {
  used_ = end - text_.data();
  line_ += 1.0 + ends_inside_;
}

// Moves on to the end of a record, unless the text is cut before.
TextRows::Scan TextRows::scan(const char*& at) {
  record_.clear();
  ends_inside_ = 0;
  if (at == end_of_text()) return Scan::cut;
  for (;;) {
    Field field;
    if (!scan_field(at, field)) return Scan::cut;
    record_.push_back(field);
    if (at == end_of_text()) break;
    if (*at != separator_) {
      if (!scan_end_of_line(at)) return Scan::cut;
      break;
    }
    ++at;
  }
  const Field& first = record_.front();
  return record_.size() == 1 && first.empty() && !first.quoted ? Scan::blank : Scan::record;
}

bool TextRows::scan_field(const char*& at, Field& field) {
  skip_blanks(at);
  const char* const end = end_of_text();
  if (at < end && *at == '"') return scan_quoted(at, field);
  field.begin = at;
  while (at < end && !ends_field_[static_cast<unsigned char>(*at)]) ++at;
  field.end = at;
  while (field.end > field.begin && is_blank(field.end[-1])) --field.end;
  return at < end || whole_;
}

bool TextRows::scan_quoted(const char*& at, Field& field) {
  const char* const end = end_of_text();
  field.quoted = true;
  field.begin = ++at;
  for (;;) {
    at = static_cast<const char*>(std::memchr(at, '"', end - at));
    if (!at || at + 1 == end) break;
    if (at[1] != '"') break;
    field.doubled = true;
    at += 2;
  }
  if (!at && whole_) fail(line_ + ends_inside_, "begins a quotation that is not closed");
  if (!at || (at + 1 == end && !whole_)) return false;
  field.end = at++;
  ends_inside_ += std::count(field.begin, field.end, '\n');
  skip_blanks(at);
  if (at == end) return whole_;
  if (ends_field_[static_cast<unsigned char>(*at)]) return true;
  fail(line_ + ends_inside_,
       "has text after the end of a quotation: a quote inside one has to be doubled");
}

bool TextRows::scan_end_of_line(const char*& at) const {
  const char* const end = end_of_text();
  const bool carriage = *at == '\r';
  if (carriage && at + 1 == end && !whole_) return false;
  ++at;
  if (carriage && at < end && *at == '\n') ++at;
  return true;
}

void TextRows::skip_blanks(const char*& at) const {
  const char* const end = end_of_text();
  while (at < end && is_blank(*at)) ++at;
}

}  // namespace fastlogit
