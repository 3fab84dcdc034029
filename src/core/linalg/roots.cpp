#include "roots.h"

#include <cmath>

#if FASTLOGIT_X86_VARIANTS
#include <immintrin.h>
#endif

namespace fastlogit {

namespace {

Signs roots_one_by_one(const double* weight, Index rows, double* out) {
  Signs signs = {false, false};
  for (Index k = 0; k < rows; ++k) {
    signs.some_positive |= weight[k] > 0.0;
    signs.some_negative |= weight[k] < 0.0;
    out[k] = std::sqrt(std::abs(weight[k]));
  }
  return signs;
}

// Compilers do not make vector instructions of sqrt(), which may set errno. Of a number and one
// that is not, the instructions for extremes return what comes second.
#if FASTLOGIT_X86_VARIANTS

__attribute__((target("avx2"))) Signs roots_avx2(const double* weight, Index rows, double* out) {
  const __m256d sign = _mm256_set1_pd(-0.0);
  __m256d most = _mm256_setzero_pd();
  __m256d least = most;
  Index k = 0;
  for (; k + 4 <= rows; k += 4) {
    const __m256d values = _mm256_loadu_pd(weight + k);
    most = _mm256_max_pd(values, most);
    least = _mm256_min_pd(values, least);
    _mm256_storeu_pd(out + k, _mm256_sqrt_pd(_mm256_andnot_pd(sign, values)));
  }
  const __m256d zero = _mm256_setzero_pd();
  const Signs rest = roots_one_by_one(weight + k, rows - k, out + k);
  const int positive = _mm256_movemask_pd(_mm256_cmp_pd(most, zero, _CMP_GT_OQ));
  const int negative = _mm256_movemask_pd(_mm256_cmp_pd(least, zero, _CMP_LT_OQ));
  return {positive != 0 || rest.some_positive, negative != 0 || rest.some_negative};
}

__attribute__((target("avx512f"))) Signs roots_avx512(const double* weight,
                                                      Index rows,
                                                      double* out) {
  __m512d most = _mm512_setzero_pd();
  __m512d least = most;
  Index k = 0;
  for (; k + 8 <= rows; k += 8) {
    const __m512d values = _mm512_loadu_pd(weight + k);
    most = _mm512_max_pd(values, most);
    least = _mm512_min_pd(values, least);
    _mm512_storeu_pd(out + k, _mm512_sqrt_pd(_mm512_abs_pd(values)));
  }
  const __m512d zero = _mm512_setzero_pd();
  const Signs rest = roots_one_by_one(weight + k, rows - k, out + k);
  return {_mm512_cmp_pd_mask(most, zero, _CMP_GT_OQ) != 0 || rest.some_positive,
          _mm512_cmp_pd_mask(least, zero, _CMP_LT_OQ) != 0 || rest.some_negative};
}

#endif

}  // namespace

Signs square_roots(const double* weight, Index rows, Simd simd, double* out) {
#if FASTLOGIT_X86_VARIANTS
  if (simd == Simd::avx512) return roots_avx512(weight, rows, out);
  if (simd == Simd::avx2) return roots_avx2(weight, rows, out);
#endif
  static_cast<void>(simd);
  return roots_one_by_one(weight, rows, out);
}

}  // namespace fastlogit
