#include "columns.h"

#include <utility>

#include "cpu.h"

namespace fastlogit {

namespace {

constexpr int kLanes = 4;
constexpr Index kLine = 8;  // doubles of a line of the cache

// Of the lanes and of the rows that are left, fewer than there are lanes.
double total(const double* lanes, const double* x, const double* v, Index rows) {
  double even = lanes[0] + lanes[2];
  double odd = lanes[1] + lanes[3];
  Index i = 0;
  if (rows >= 2) {
    even += x[0] * v[0];
    odd += x[1] * v[1];
    i = 2;
  }
  double sum = even + odd;
  for (; i < rows; ++i) sum += x[i] * v[i];
  return sum;
}

#if defined(__GNUC__)

// A macro for the reasons that gram_kernels.h gives. Without fma there is none to be contracted.
#define FASTLOGIT_UNROLL _Pragma("GCC unroll 8")
#define FASTLOGIT_COLUMN_KERNELS(NAME, TARGET)                                               \
  struct NAME {                                                                              \
    typedef double Pack __attribute__((vector_size(8 * kLanes), aligned(8), may_alias));     \
                                                                                             \
    template <int kCount>                                                                    \
    TARGET static void add(const double* const* x,                                           \
                           const double* const* next,                                        \
                           const double* b,                                                  \
                           Index rows,                                                       \
                           double* out) {                                                    \
      Index i = 0;                                                                           \
      for (; i + kLanes <= rows; i += kLanes) {                                              \
        Pack sum = *reinterpret_cast<const Pack*>(out + i);                                  \
        FASTLOGIT_UNROLL for (int k = 0; k < kCount; ++k) {                                  \
          sum += *reinterpret_cast<const Pack*>(x[k] + i) * b[k];                            \
        }                                                                                    \
        *reinterpret_cast<Pack*>(out + i) = sum;                                             \
        if (i % kLine == 0) {                                                                \
          FASTLOGIT_UNROLL for (int k = 0; k < kCount; ++k) __builtin_prefetch(next[k] + i); \
        }                                                                                    \
      }                                                                                      \
      for (; i < rows; ++i) {                                                                \
        for (int k = 0; k < kCount; ++k) out[i] += b[k] * x[k][i];                           \
      }                                                                                      \
    }                                                                                        \
                                                                                             \
    template <int kCount>                                                                    \
    TARGET static void multiply(const double* const* x,                                      \
                                const double* v,                                             \
                                Index rows,                                                  \
                                double* out) {                                               \
      Pack sum[kCount] = {};                                                                 \
      Index i = 0;                                                                           \
      for (; i + kLanes <= rows; i += kLanes) {                                              \
        const Pack value = *reinterpret_cast<const Pack*>(v + i);                            \
        FASTLOGIT_UNROLL for (int k = 0; k < kCount; ++k) {                                  \
          sum[k] += *reinterpret_cast<const Pack*>(x[k] + i) * value;                        \
        }                                                                                    \
      }                                                                                      \
      FASTLOGIT_UNROLL for (int k = 0; k < kCount; ++k) {                                    \
        const double lanes[] = {sum[k][0], sum[k][1], sum[k][2], sum[k][3]};                 \
        out[k] = total(lanes, x[k] + i, v + i, rows - i);                                    \
      }                                                                                      \
    }                                                                                        \
  };

FASTLOGIT_COLUMN_KERNELS(BaselineColumns, )
#if FASTLOGIT_X86_VARIANTS
FASTLOGIT_COLUMN_KERNELS(Avx2Columns, __attribute__((target("avx2"))))
#endif

#undef FASTLOGIT_COLUMN_KERNELS
#undef FASTLOGIT_UNROLL

#else  // no vector extensions: plain loops

struct BaselineColumns {
  template <int kCount>
  static void add(
      const double* const* x, const double* const*, const double* b, Index rows, double* out) {
    for (Index i = 0; i < rows; ++i) {
      for (int k = 0; k < kCount; ++k) out[i] += b[k] * x[k][i];
    }
  }

  template <int kCount>
  static void multiply(const double* const* x, const double* v, Index rows, double* out) {
    for (int k = 0; k < kCount; ++k) {
      double lanes[kLanes] = {};
      Index i = 0;
      for (; i + kLanes <= rows; i += kLanes) {
        for (int lane = 0; lane < kLanes; ++lane) lanes[lane] += x[k][i + lane] * v[i + lane];
      }
      out[k] = total(lanes, x[k] + i, v + i, rows - i);
    }
  }
};

#endif

template <typename Kernels, int... kIndex>
ColumnKernels make_column_kernels(std::integer_sequence<int, kIndex...>) {
  return {{&Kernels::template add<kIndex + 1>...}, {&Kernels::template multiply<kIndex + 1>...}};
}

template <typename Kernels>
ColumnKernels make_column_kernels() {
  return make_column_kernels<Kernels>(std::make_integer_sequence<int, kColumnsTogether>());
}

}  // namespace

const ColumnKernels& column_kernels() {
  static const ColumnKernels baseline = make_column_kernels<BaselineColumns>();
#if FASTLOGIT_X86_VARIANTS
  static const ColumnKernels avx2 = make_column_kernels<Avx2Columns>();
  if (active_simd() != Simd::baseline) return avx2;
#endif
  return baseline;
}

}  // namespace fastlogit
