// Bytes of the fuzzer, as numbers; zeros when there are no more.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

class Input {
 public:
  Input(const std::uint8_t* data, size_t size) : data_(data), left_(size) {}

  unsigned byte() {
    std::uint8_t value = 0;
    take(&value, sizeof value);
    return value;
  }

  // Any bits that are a finite double.
  double any() {
    double value = 0.0;
    take(&value, sizeof value);
    return std::isfinite(value) ? value : 0.0;
  }

  double within(double low, double high) {
    std::uint32_t value = 0;
    take(&value, sizeof value);
    return low + (high - low) * (value / 4294967295.0);
  }

  bool empty() const { return left_ == 0; }

 private:
  void take(void* to, size_t size) {
    const size_t some = std::min(size, left_);
    std::memcpy(to, data_, some);
    data_ += some;
    left_ -= some;
  }

  const std::uint8_t* data_;
  size_t left_;
};

// A property: what is violated is printed, and the fuzzer keeps the input.
#define REQUIRE(condition, ...)                           \
  do {                                                    \
    if (!(condition)) {                                   \
      std::fprintf(stderr, "violated: %s (", #condition); \
      std::fprintf(stderr, __VA_ARGS__);                  \
      std::fprintf(stderr, ")\n");                        \
      std::abort();                                       \
    }                                                     \
  } while (false)
