#include "logistic.h"

#include <algorithm>
#include <cstdint>

#include "../linalg/cpu.h"

namespace fastlogit {

#if defined(__GNUC__)

#define FASTLOGIT_LOGISTIC(NAME, LANES, TARGET)                                                \
  struct NAME {                                                                                \
    typedef double Pack __attribute__((vector_size(8 * LANES), aligned(8), may_alias));        \
    typedef std::int64_t Bits __attribute__((vector_size(8 * LANES), aligned(8), may_alias));  \
    static constexpr Index kLanes = LANES;                                                     \
                                                                                               \
    TARGET static double run(const LogisticRows& rows, Index packs) {                          \
      const Pack zero{};                                                                       \
      const Pack one = zero + 1.0;                                                             \
      Pack sum{};                                                                              \
      for (Index i = 0; i < packs * LANES; i += LANES) {                                       \
        const Pack eta = *reinterpret_cast<const Pack*>(rows.eta + i);                         \
        const Pack y = *reinterpret_cast<const Pack*>(rows.y + i);                             \
        const Pack w = rows.w ? *reinterpret_cast<const Pack*>(rows.w + i) : one;              \
        const Pack odds = *reinterpret_cast<const Pack*>(rows.odds + i);                       \
        const Pack log_total = *reinterpret_cast<const Pack*>(rows.log_total + i);             \
        const Bits counts = w != zero;                                                         \
        const Pack s = y + y - 1.0;                                                            \
        const Pack z = s * eta;                                                                \
        const Bits below = z < zero;                                                           \
        const Pack common = 1.0 / (1.0 + odds);                                                \
        const Pack rare = odds * common;                                                       \
        const Pack low = reinterpret_cast<Pack>(reinterpret_cast<Bits>(z) & below);            \
        const Pack loglik = w * (low - log_total);                                             \
        sum += reinterpret_cast<Pack>(reinterpret_cast<Bits>(loglik) & counts);                \
        if (rows.residual) {                                                                   \
          const Pack other = reinterpret_cast<Pack>((reinterpret_cast<Bits>(common) & below) | \
                                                    (reinterpret_cast<Bits>(rare) & ~below));  \
          const Pack residual = w * (s * other);                                               \
          *reinterpret_cast<Pack*>(rows.residual + i) =                                        \
              reinterpret_cast<Pack>(reinterpret_cast<Bits>(residual) & counts);               \
        }                                                                                      \
        if (rows.weight) {                                                                     \
          const Pack weight = w * (rare * common);                                             \
          *reinterpret_cast<Pack*>(rows.weight + i) =                                          \
              reinterpret_cast<Pack>(reinterpret_cast<Bits>(weight) & counts);                 \
        }                                                                                      \
      }                                                                                        \
      double total = 0.0;                                                                      \
      for (int lane = 0; lane < LANES; ++lane) total += sum[lane];                             \
      return total;                                                                            \
    }                                                                                          \
  };

FASTLOGIT_LOGISTIC(BaselineLogistic, 2, )
#if FASTLOGIT_X86_VARIANTS
FASTLOGIT_LOGISTIC(Avx2Logistic, 4, __attribute__((target("avx2,fma"))))
FASTLOGIT_LOGISTIC(Avx512Logistic, 8, __attribute__((target("avx512f,avx512vl,avx512dq"))))
#endif

template <typename Kernel>
double run_logistic(const LogisticRows& rows, Index n) {
  const Index packs = n / Kernel::kLanes;
  const Index done = packs * Kernel::kLanes;
  double loglik = Kernel::run(rows, packs);
  if (done == n) return loglik;
  // The rows that are left, filled up with rows of no weight.
  const LogisticRows left = rows.from(done);
  const Index count = n - done;
  double in[5][Kernel::kLanes] = {};
  double out[2][Kernel::kLanes];
  std::copy(left.eta, left.eta + count, in[0]);
  std::copy(left.y, left.y + count, in[1]);
  if (left.w) {
    std::copy(left.w, left.w + count, in[2]);
  } else {
    std::fill(in[2], in[2] + count, 1.0);
  }
  std::copy(left.odds, left.odds + count, in[3]);
  std::copy(left.log_total, left.log_total + count, in[4]);
  loglik += Kernel::run({in[0], in[1], in[2], in[3], in[4], out[0], out[1]}, 1);
  if (left.residual) std::copy(out[0], out[0] + count, left.residual);
  if (left.weight) std::copy(out[1], out[1] + count, left.weight);
  return loglik;
}

double logistic_rows(const LogisticRows& rows, Index n) {
#if FASTLOGIT_X86_VARIANTS
  const Simd simd = active_simd();
  if (simd == Simd::avx512) return run_logistic<Avx512Logistic>(rows, n);
  if (simd == Simd::avx2) return run_logistic<Avx2Logistic>(rows, n);
#endif
  return run_logistic<BaselineLogistic>(rows, n);
}

#undef FASTLOGIT_LOGISTIC

#else

double logistic_rows(const LogisticRows& rows, Index n) {
  double loglik = 0.0;
  for (Index i = 0; i < n; ++i) {
    const double w = rows.w ? rows.w[i] : 1.0;
    const double s = 2.0 * rows.y[i] - 1.0;
    const double z = s * rows.eta[i];
    const double common = 1.0 / (1.0 + rows.odds[i]);
    const double rare = rows.odds[i] * common;
    if (w != 0.0) loglik += w * (std::min(z, 0.0) - rows.log_total[i]);
    if (rows.residual) rows.residual[i] = w == 0.0 ? 0.0 : w * (s * (z < 0.0 ? common : rare));
    if (rows.weight) rows.weight[i] = w == 0.0 ? 0.0 : w * (rare * common);
  }
  return loglik;
}

#endif

}  // namespace fastlogit
