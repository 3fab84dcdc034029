// What the fields of text files mean: numbers, truth values, days, times, or text.
#pragma once

#include <cstddef>
#include <string>

namespace fastlogit {

// Part of a text. quoted: between quotes, of which those inside are doubled if `doubled`.
struct Field {
  const char* begin = nullptr;
  const char* end = nullptr;
  bool quoted = false;
  bool doubled = false;

  bool empty() const { return begin == end; }
  bool is(const char* text) const;
  std::string text() const;
};

// In the order of kind_names. `none`: of fields that are missing whatever the kind may be.
enum class Kind { none, whole, number, logical, day, time, text };
constexpr int kKinds = 7;
extern const char* const kind_names[kKinds];

// The kind that has room for the values of two.
Kind joined(Kind a, Kind b);

// Is there no value? A text may be empty, or be "NA" in quotes.
bool is_missing(const Field& field, Kind kind);

struct Value {
  Kind kind = Kind::text;
  double number = 0.0;
  bool exact = true;  // false: a whole number of more digits than a double holds
};

// The narrowest kind that a field that is not missing is of; days and seconds are since 1970 (UTC).
Value value_of(const Field& field);

}  // namespace fastlogit
