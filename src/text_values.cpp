#include "text_values.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace fastlogit {

const char* const kind_names[kKinds] = {
    "none", "integer", "numeric", "logical", "Date", "POSIXct", "character"};

bool Field::is(const char* text) const {
  const size_t size = std::strlen(text);
  return static_cast<size_t>(end - begin) == size && std::equal(begin, end, text);
}

std::string Field::text() const {
  std::string out(begin, end);
  if (!doubled) return out;
  size_t size = 0;
  for (size_t i = 0; i < out.size(); ++i) {
    out[size++] = out[i];
    if (out[i] == '"') ++i;
  }
  out.resize(size);
  return out;
}

Kind joined(Kind a, Kind b) {
  if (a == b || b == Kind::none) return a;
  if (a == Kind::none) return b;
  const auto is_number = [](Kind kind) { return kind == Kind::whole || kind == Kind::number; };
  return is_number(a) && is_number(b) ? Kind::number : Kind::text;
}

bool is_missing(const Field& field, Kind kind) {
  if (kind == Kind::text) return !field.quoted && field.is("NA");
  return field.empty() || field.is("NA");
}

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Reads from the left.
struct Cursor {
  const char* at;
  const char* end;

  bool done() const { return at == end; }
  bool take(char c) {
    if (done() || *at != c) return false;
    ++at;
    return true;
  }
  bool take_any(const char* of) {
    if (done() || !std::strchr(of, *at) || *at == '\0') return false;
    ++at;
    return true;
  }
  // Exactly `count` digits.
  bool take_digits(int count, int& out) {
    if (end - at < count || !std::all_of(at, at + count, is_digit)) return false;
    for (out = 0; count > 0; --count) out = 10 * out + (*at++ - '0');
    return true;
  }
};

// Decimal digits: mantissa times ten to the power of `exponent`, unless there are too many.
struct Decimal {
  std::uint64_t mantissa = 0;
  int exponent = 0;
  int digits = 0;       // that were read
  int significant = 0;  // without leading zeros

  void take(Cursor& text, bool fraction) {
    for (; !text.done() && is_digit(*text.at); ++text.at, ++digits) {
      if (fraction) --exponent;
      if (significant == 0 && *text.at == '0') continue;
      ++significant;
      if (significant <= 19) mantissa = 10 * mantissa + (*text.at - '0');
    }
  }
};

constexpr double kPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                              1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                              1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr int kLargestPower = 22;
constexpr std::uint64_t kLargestWhole = std::uint64_t(1) << 53;  // up to which all are doubles

// The nearest double: where both the mantissa and the power of ten are doubles, one operation
// rounds once (Clinger 1990); the C library does the others.
double nearest(const Decimal& decimal, const Field& field) {
  const bool small = decimal.significant <= 19 && decimal.mantissa <= kLargestWhole;
  const double mantissa = static_cast<double>(decimal.mantissa);
  if (small && decimal.exponent >= 0 && decimal.exponent <= kLargestPower) {
    return mantissa * kPowers[decimal.exponent];
  }
  if (small && decimal.exponent < 0 && decimal.exponent >= -kLargestPower) {
    return mantissa / kPowers[-decimal.exponent];
  }
  return std::fabs(std::strtod(std::string(field.begin, field.end).c_str(), nullptr));
}

bool holds_exactly(const Decimal& decimal, double value) {
  if (decimal.significant > 19) return false;
  return value < 18446744073709551616.0 && static_cast<std::uint64_t>(value) == decimal.mantissa;
}

bool is_ignoring_case(const Field& field, const char* lower) {
  const size_t size = std::strlen(lower);
  return static_cast<size_t>(field.end - field.begin) == size &&
         std::equal(field.begin, field.end, lower, [](char a, char b) { return (a | 32) == b; });
}

bool read_named_number(const Field& field, Value& out) {
  Field name = field;
  const bool minus = *name.begin == '-';
  if (minus || *name.begin == '+') ++name.begin;
  const bool infinite = is_ignoring_case(name, "inf") || is_ignoring_case(name, "infinity");
  if (!infinite && !is_ignoring_case(name, "nan")) return false;
  out.kind = Kind::number;
  out.number = infinite ? (minus ? -HUGE_VAL : HUGE_VAL) : std::nan("");
  return true;
}

// "e-3", or nothing.
bool take_exponent(Cursor& text, int& exponent) {
  if (!text.take_any("eE")) return text.done();
  const bool minus = text.take('-');
  if (!minus) text.take('+');
  if (text.done()) return false;
  int power = 0;
  for (; !text.done() && is_digit(*text.at); ++text.at) {
    power = std::min(10 * power + (*text.at - '0'), 100000);
  }
  exponent += minus ? -power : power;
  return text.done();
}

bool read_number(const Field& field, Value& out) {
  Cursor text{field.begin, field.end};
  const bool minus = text.take('-');
  if (!minus) text.take('+');
  Decimal decimal;
  decimal.take(text, false);
  const bool point = text.take('.');
  if (point) decimal.take(text, true);
  if (decimal.digits == 0) return read_named_number(field, out);
  const bool whole = !point && text.done();
  if (!take_exponent(text, decimal.exponent)) return false;
  const double size = nearest(decimal, field);
  out.exact = !whole || holds_exactly(decimal, size);
  const bool fits = whole && size <= std::numeric_limits<std::int32_t>::max();
  out.kind = fits ? Kind::whole : Kind::number;
  out.number = minus ? -size : size;
  return true;
}

bool read_logical(const Field& field, Value& out) {
  const bool yes = field.is("TRUE") || field.is("true") || field.is("True");
  const bool no = field.is("FALSE") || field.is("false") || field.is("False");
  out.kind = Kind::logical;
  out.number = yes ? 1.0 : 0.0;
  return yes || no;
}

int days_in_month(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

// Since 1970-01-01, by years that begin in March.
double days_since_1970(int year, int month, int day) {
  const int y = month > 2 ? year : year - 1;
  const int m = month > 2 ? month - 3 : month + 9;
  return 365.0 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

bool take_day(Cursor& text, double& days) {
  int year, month, day;
  if (!text.take_digits(4, year) || !text.take('-') || !text.take_digits(2, month) ||
      !text.take('-') || !text.take_digits(2, day)) {
    return false;
  }
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) {
    return false;
  }
  days = days_since_1970(year, month, day);
  return true;
}

// "+01:00", "-0330", "+01" or "Z", in seconds east; of nothing, none.
bool take_zone(Cursor& text, double& east) {
  east = 0.0;
  if (text.done() || text.take('Z')) return true;
  const bool west = !text.done() && *text.at == '-';
  int hours, minutes = 0;
  if (!text.take_any("+-") || !text.take_digits(2, hours)) return false;
  if (!text.done()) {
    text.take(':');
    if (!text.take_digits(2, minutes)) return false;
  }
  if (hours > 14 || minutes > 59) return false;
  east = (west ? -1.0 : 1.0) * (3600.0 * hours + 60.0 * minutes);
  return true;
}

// 2026-01-31, or 2026-01-31T12:59:00.5Z with a blank or other zones as well.
bool read_day_or_time(const Field& field, Value& out) {
  Cursor text{field.begin, field.end};
  double days;
  if (!take_day(text, days)) return false;
  out.kind = Kind::day;
  out.number = days;
  if (text.done()) return true;
  int hour, minute, second;
  if (!text.take_any("T ") || !text.take_digits(2, hour) || !text.take(':') ||
      !text.take_digits(2, minute) || !text.take(':') || !text.take_digits(2, second)) {
    return false;
  }
  if (hour > 23 || minute > 59 || second > 59) return false;
  Decimal fraction;
  if (text.take('.')) fraction.take(text, true);
  double east;
  if (fraction.digits > kLargestPower || !take_zone(text, east) || !text.done()) return false;
  out.kind = Kind::time;
  out.number = 86400.0 * days + 3600.0 * hour + 60.0 * minute + second - east;
  out.number += static_cast<double>(fraction.mantissa) / kPowers[fraction.digits];
  return true;
}

}  // namespace

Value value_of(const Field& field) {
  Value out;
  if (field.doubled) return out;
  const char first = *field.begin;
  const bool may_be_number = is_digit(first) || std::strchr("+-.iInN", first) != nullptr;
  if (may_be_number && read_number(field, out)) return out;
  if (is_digit(first) && read_day_or_time(field, out)) return out;
  if (std::strchr("tTfF", first) && read_logical(field, out)) return out;
  return Value();
}

}  // namespace fastlogit
