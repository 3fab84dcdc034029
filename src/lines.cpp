// The lines of text files, chunk by chunk.
#include <Rcpp.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <string>

#include "files.h"

using namespace fastlogit;

namespace {

bool is_blank(const Rbyte* from, const Rbyte* to) {
  return std::all_of(from, to, [](Rbyte byte) { return byte == '\n' || byte == '\r'; });
}

// The quotes of a text.
struct Quotes {
  bool odd = false;      // a quotation is begun and not ended
  bool doubled = false;  // two in a row: one quote inside a quotation, or an empty one

  void read(const Rbyte* from, const Rbyte* to) {
    while (from < to && (from = static_cast<const Rbyte*>(std::memchr(from, '"', to - from)))) {
      odd = !odd;
      ++from;
      doubled = doubled || from == to || *from == '"';
    }
  }
};

// Where the last line ends that is not inside quotes, `from` without one; quoted: is `to`?
const Rbyte* end_of_lines(const Rbyte* from, const Rbyte* to, bool quoted) {
  for (; to > from && (to[-1] != '\n' || quoted); --to) quoted ^= to[-1] == '"';
  return to;
}

}  // namespace

// Writes the whole lines of a text, which goes on from `rest`, to a file (all of it, when `last`):
// list(rest = what is left of the last line, written = is there a file, doubled = may there be
// doubled quotes). A line does not end inside quotes; blank lines alone are no lines.
// [[Rcpp::export(rng = false)]]
Rcpp::List write_lines_impl(const Rcpp::RawVector& rest,
                            const Rcpp::RawVector& text,
                            const std::string& path,
                            bool last) {
  const Rbyte* const begin = text.begin();
  const Rbyte* end = begin + text.size();
  Quotes quotes;
  quotes.read(rest.begin(), rest.end());
  quotes.read(begin, end);
  if (!last) end = end_of_lines(begin, end, quotes.odd);
  const auto answer = [&](const Rcpp::RawVector& left, bool written) {
    return Rcpp::List::create(Rcpp::Named("rest") = left,
                              Rcpp::Named("written") = written,
                              Rcpp::Named("doubled") = quotes.doubled);
  };
  if (end == begin && !last) {
    Rcpp::RawVector longer(Rcpp::no_init(rest.size() + text.size()));
    std::copy(begin, text.end(), std::copy(rest.begin(), rest.end(), longer.begin()));
    return answer(longer, false);
  }
  const Rcpp::RawVector left(end, text.end());
  if (is_blank(rest.begin(), rest.end()) && is_blank(begin, end)) return answer(left, false);
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(rest.begin()), rest.size());
  out.write(reinterpret_cast<const char*>(begin), end - begin);
  out.close();
  if (!out) throw DiskFull(path);
  return answer(left, true);
}
