#include "extremes.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include "cpu.h"

#if FASTLOGIT_X86_VARIANTS
#include <immintrin.h>
#endif

namespace fastlogit {

namespace {

// Absolute values order like their bits, and NaN comes above infinity.
double largest_by_bits(const double* x, Index n) {
  std::uint64_t most = 0;
  for (Index i = 0; i < n; ++i) {
    std::uint64_t bits;
    std::memcpy(&bits, x + i, sizeof bits);
    bits &= ~(std::uint64_t{1} << 63);
    if (bits > most) most = bits;
  }
  double largest;
  std::memcpy(&largest, &most, sizeof most);
  return largest;
}

#if FASTLOGIT_X86_VARIANTS

// Four vectors side by side, as each of these instructions waits for the one before. NaN where some
// number is none.
__attribute__((target("avx2"))) double largest_by_vectors(const double* x, Index n) {
  const __m256d sign = _mm256_set1_pd(-0.0);
  __m256d most[4];
  __m256d unordered = _mm256_setzero_pd();
  for (__m256d& lanes : most) lanes = _mm256_setzero_pd();
  Index i = 0;
  for (; i + 16 <= n; i += 16) {
    for (int k = 0; k < 4; ++k) {
      const __m256d values = _mm256_loadu_pd(x + i + 4 * k);
      most[k] = _mm256_max_pd(_mm256_andnot_pd(sign, values), most[k]);
      unordered = _mm256_or_pd(unordered, _mm256_cmp_pd(values, values, _CMP_UNORD_Q));
    }
  }
  if (_mm256_movemask_pd(unordered) != 0) return std::numeric_limits<double>::quiet_NaN();
  double largest = largest_by_bits(x + i, n - i);
  double lanes[4];
  for (const __m256d& four : most) {
    _mm256_storeu_pd(lanes, four);
    for (const double value : lanes) {
      if (value > largest) largest = value;  // not where that is NaN
    }
  }
  return largest;
}

#endif

}  // namespace

double largest_magnitude(const double* x, Index n) {
#if FASTLOGIT_X86_VARIANTS
  if (active_simd() != Simd::baseline) {
    const double largest = largest_by_vectors(x, n);
    if (!std::isnan(largest)) return largest;
  }
#endif
  return largest_by_bits(x, n);
}

std::pair<double, double> range_of(const double* x, Index n) {
  const Eigen::Map<const Vector> numbers(x, n);
  if (n == 0 || numbers.hasNaN()) {
    const double none = std::numeric_limits<double>::quiet_NaN();
    return {none, none};
  }
  return {numbers.minCoeff(), numbers.maxCoeff()};
}

}  // namespace fastlogit
