// Rows of text files, as R has them.
#include <Rcpp.h>

#include <algorithm>
#include <cmath>

#include "text_rows.h"

using namespace fastlogit;

namespace {

using File = Rcpp::XPtr<TextRows>;

Kind kind_named(const std::string& name) {
  return static_cast<Kind>(std::find(kind_names, kind_names + kKinds, name) - kind_names);
}

bool is_continued(const char* at, const char* end, int bytes) {
  return end - at > bytes &&
         std::all_of(at + 1, at + 1 + bytes, [](char c) { return (c & 0xC0) == 0x80; });
}

// Bytes that are not valid as UTF-8 stay what they are, as for read.csv().
cetype_t encoding_of(const char* at, const char* end) {
  cetype_t found = CE_NATIVE;
  while (at < end) {
    const unsigned char lead = static_cast<unsigned char>(*at);
    const int more = lead < 0x80 ? 0 : lead < 0xC2 ? -1 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    if (more < 0 || lead > 0xF4 || !is_continued(at, end, more)) return CE_NATIVE;
    if (more > 0) found = CE_UTF8;
    at += more + 1;
  }
  return found;
}

SEXP string_of(const char* begin, const char* end) {
  return Rf_mkCharLenCE(begin, static_cast<int>(end - begin), encoding_of(begin, end));
}

SEXP string_of(const Field& field) {
  if (is_missing(field, Kind::text)) return NA_STRING;
  if (!field.doubled) return string_of(field.begin, field.end);
  const std::string text = field.text();
  return string_of(text.data(), text.data() + text.size());
}

SEXP strings_of(const TextRows& rows, int column) {
  Rcpp::Shield<SEXP> out(Rf_allocVector(STRSXP, rows.rows()));
  for (long row = 0; row < rows.rows(); ++row) {
    SET_STRING_ELT(out, row, string_of(rows.field(row, column)));
  }
  return out;
}

template <typename Vector>
SEXP whole_numbers(const std::vector<double>& numbers, int missing) {
  Vector out(Rcpp::no_init(numbers.size()));
  std::transform(numbers.begin(), numbers.end(), out.begin(), [missing](double x) {
    return std::isnan(x) ? missing : static_cast<int>(x);
  });
  return out;
}

SEXP numbers_with_class(const std::vector<double>& numbers, const Rcpp::CharacterVector& type) {
  Rcpp::NumericVector out(numbers.begin(), numbers.end());
  out.attr("class") = type;
  if (type.size() > 1) out.attr("tzone") = "UTC";
  return out;
}

SEXP values_of(const TextRows& rows, int column, const TextColumn& known) {
  switch (known.kind) {
    case Kind::none:
    case Kind::logical:
      return whole_numbers<Rcpp::LogicalVector>(known.numbers, NA_LOGICAL);
    case Kind::whole:
      return whole_numbers<Rcpp::IntegerVector>(known.numbers, NA_INTEGER);
    case Kind::number:
      return Rcpp::NumericVector(known.numbers.begin(), known.numbers.end());
    case Kind::day:
      return numbers_with_class(known.numbers, Rcpp::CharacterVector::create("Date"));
    case Kind::time:
      return numbers_with_class(known.numbers, Rcpp::CharacterVector::create("POSIXct", "POSIXt"));
    default:
      return strings_of(rows, column);
  }
}

// Where a value is: list(line, text), or NULL.
SEXP place_of(const TextRows& rows, int column, long row) {
  if (row < 0) return R_NilValue;
  return Rcpp::List::create(Rcpp::Named("line") = rows.line(row),
                            Rcpp::Named("text") = rows.field(row, column).text());
}

}  // namespace

// A file of text, opened at its first row.
// [[Rcpp::export(rng = false)]]
SEXP text_file_impl(const std::string& path,
                    const std::string& title,
                    const std::string& separator,
                    double bytes) {
  return File(new TextRows(path, title, separator.at(0), static_cast<size_t>(bytes)));
}

// [[Rcpp::export(rng = false)]]
void close_text_impl(const SEXP file) {
  File(file).release();
}

// [[Rcpp::export(rng = false)]]
Rcpp::CharacterVector text_names_impl(const SEXP file) {
  const std::vector<std::string>& names = File(file)->names();
  Rcpp::CharacterVector out(names.size());
  for (size_t i = 0; i < names.size(); ++i) {
    out[i] = Rf_mkCharLenCE(names[i].data(),
                            static_cast<int>(names[i].size()),
                            encoding_of(names[i].data(), names[i].data() + names[i].size()));
  }
  return out;
}

// The next rows, NULL after the last. known: of each of the columns, by its number from 1, the name
// of its kind. For each column list(values, kind, misfit, inexact), see TextColumn.
// [[Rcpp::export(rng = false)]]
SEXP next_rows_impl(const SEXP file,
                    const Rcpp::IntegerVector& columns,
                    const std::vector<std::string>& known) {
  TextRows& rows = *File(file);
  std::vector<int> numbers(columns.begin(), columns.end());
  for (int& number : numbers) --number;
  rows.choose(numbers);
  if (!rows.advance()) return R_NilValue;
  Rcpp::List out(columns.size());
  for (int c = 0; c < rows.columns(); ++c) {
    const TextColumn found = rows.column(c, kind_named(known[c]), NA_REAL);
    out[c] = Rcpp::List::create(Rcpp::Named("values") = values_of(rows, c, found),
                                Rcpp::Named("kind") = kind_names[static_cast<int>(found.kind)],
                                Rcpp::Named("misfit") = place_of(rows, c, found.misfit),
                                Rcpp::Named("inexact") = place_of(rows, c, found.inexact));
  }
  return out;
}

// Of about the first `bytes` of a file's text, plain or unpacked, how many are there and how many
// lines they hold.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector count_lines_impl(const std::string& path,
                                     const std::string& title,
                                     double bytes) {
  std::vector<char> text(static_cast<size_t>(bytes));
  text.resize(open_bytes(path, title)->read(text.data(), text.size()));
  return Rcpp::NumericVector::create(
      static_cast<double>(text.size()),
      static_cast<double>(std::count(text.begin(), text.end(), '\n')));
}
