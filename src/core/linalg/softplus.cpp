// The library's exp and log1p cost more than everything else that a row of a narrow design costs,
// and compilers do not vectorise calls. What is here is free of branches, and right to about one
// unit in the last place; exp(-|x|) below 1e-307 is 0.
#include "softplus.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "cpu.h"

namespace fastlogit {

#if defined(__GNUC__)

// exp: Cody and Waite's reduction, x = k log 2 + r with |r| <= log(2) / 2, and Taylor's polynomial
// of degree 13, which leaves less than 1e-17. The lowest bits of x log2(e) + 1.5 * 2^52 hold k.
// log1p(u), 0 <= u <= 1: where u > sqrt(2) - 1, u is taken to f = (u - 1) / 2, and log 2 added;
// then with s = f / (2 + f) the polynomial of fdlibm's log (Sun Microsystems, 1993).
#define FASTLOGIT_SOFTPLUS(NAME, LANES, TARGET)                                                  \
  struct NAME {                                                                                  \
    typedef double Pack __attribute__((vector_size(8 * LANES), aligned(8), may_alias));          \
    typedef std::int64_t Bits __attribute__((vector_size(8 * LANES), aligned(8), may_alias));    \
    typedef std::uint64_t Field __attribute__((vector_size(8 * LANES), aligned(8), may_alias));  \
    static constexpr Index kLanes = LANES;                                                       \
                                                                                                 \
    TARGET static void run(const double* x, Index packs, double* odds, double* log_total) {      \
      for (Index i = 0; i < packs * LANES; i += LANES) {                                         \
        const Pack v = *reinterpret_cast<const Pack*>(x + i);                                    \
        const Pack a =                                                                           \
            reinterpret_cast<Pack>(reinterpret_cast<Bits>(v) | (Bits{} + INT64_MIN)); /* -|x| */ \
        const Pack shifted = a * 1.4426950408889634 + 6755399441055744.0;                        \
        const Pack k = shifted - 6755399441055744.0;                                             \
        const Pack r = (a - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10;    \
        Pack p = r * (1.0 / 6227020800) + 1.0 / 479001600;                                       \
        p = p * r + 1.0 / 39916800;                                                              \
        p = p * r + 1.0 / 3628800;                                                               \
        p = p * r + 1.0 / 362880;                                                                \
        p = p * r + 1.0 / 40320;                                                                 \
        p = p * r + 1.0 / 5040;                                                                  \
        p = p * r + 1.0 / 720;                                                                   \
        p = p * r + 1.0 / 120;                                                                   \
        p = p * r + 1.0 / 24;                                                                    \
        p = p * r + 1.0 / 6;                                                                     \
        p = p * r + 0.5;                                                                         \
        p = 1.0 + (r + p * (r * r));                                                             \
        const Field power = /* wraps around where it is not used */                              \
            (reinterpret_cast<Field>(shifted) << 52) + (std::uint64_t{1023} << 52);              \
        const Bits normal = a > Pack{} - 706.0;                                                  \
        const Bits bits = reinterpret_cast<Bits>(p * reinterpret_cast<Pack>(power));             \
        const Bits unknown = a != a;                                                             \
        const Pack u =                                                                           \
            reinterpret_cast<Pack>((bits & normal) | (reinterpret_cast<Bits>(a) & unknown));     \
        const Bits big = u > Pack{} + 0.41421356237309503;                                       \
        const Pack lowered = 0.5 * (u - 1.0);                                                    \
        const Pack f = reinterpret_cast<Pack>((reinterpret_cast<Bits>(lowered) & big) |          \
                                              (reinterpret_cast<Bits>(u) & ~big));               \
        const Pack s = f / (2.0 + f);                                                            \
        const Pack z = s * s;                                                                    \
        const Pack w = z * z;                                                                    \
        const Pack even = w * (3.999999999940941908e-01 +                                        \
                               w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));   \
        const Pack odd =                                                                         \
            z * (6.666666666666735130e-01 +                                                      \
                 w * (2.857142874366239149e-01 +                                                 \
                      w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));           \
        const Pack half = 0.5 * f * f;                                                           \
        const Pack high = reinterpret_cast<Pack>(                                                \
            reinterpret_cast<Bits>(Pack{} + 6.93147180369123816490e-01) & big);                  \
        const Pack low = reinterpret_cast<Pack>(                                                 \
            reinterpret_cast<Bits>(Pack{} + 1.90821492927058770002e-10) & big);                  \
        *reinterpret_cast<Pack*>(odds + i) = u;                                                  \
        *reinterpret_cast<Pack*>(log_total + i) =                                                \
            high - ((half - (s * (half + (even + odd)) + low)) - f);                             \
      }                                                                                          \
    }                                                                                            \
  };

FASTLOGIT_SOFTPLUS(BaselineSoftplus, 2, )
#if FASTLOGIT_X86_VARIANTS
FASTLOGIT_SOFTPLUS(Avx2Softplus, 4, __attribute__((target("avx2,fma"))))
FASTLOGIT_SOFTPLUS(Avx512Softplus, 8, __attribute__((target("avx512f,avx512vl,avx512dq"))))
#endif

template <typename Kernel>
void run_softplus(const double* x, Index n, double* odds, double* log_total) {
  const Index packs = n / Kernel::kLanes;
  Kernel::run(x, packs, odds, log_total);
  const Index done = packs * Kernel::kLanes;
  if (done == n) return;
  double rest[3][Kernel::kLanes] = {};
  std::copy(x + done, x + n, rest[0]);
  Kernel::run(rest[0], 1, rest[1], rest[2]);
  std::copy(rest[1], rest[1] + (n - done), odds + done);
  std::copy(rest[2], rest[2] + (n - done), log_total + done);
}

void softplus(const double* x, Index n, double* odds, double* log_total) {
#if FASTLOGIT_X86_VARIANTS
  const Simd simd = active_simd();
  if (simd == Simd::avx512) return run_softplus<Avx512Softplus>(x, n, odds, log_total);
  if (simd == Simd::avx2) return run_softplus<Avx2Softplus>(x, n, odds, log_total);
#endif
  run_softplus<BaselineSoftplus>(x, n, odds, log_total);
}

#undef FASTLOGIT_SOFTPLUS

#else

void softplus(const double* x, Index n, double* odds, double* log_total) {
  for (Index i = 0; i < n; ++i) {
    odds[i] = std::exp(-std::fabs(x[i]));
    log_total[i] = std::log1p(odds[i]);
  }
}

#endif

}  // namespace fastlogit
