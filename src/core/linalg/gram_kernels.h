// The innermost loops of X' W X: tiles of dot products between packed columns.
//
// A tile keeps kRows x kCols dot products in registers while it runs down the rows, so each value
// that is loaded is used kCols or kRows times. The largest tiles are those whose sums, the values
// of one side and one of the other still fit the registers: 16 of them, or 32 with AVX-512.
#pragma once

#include "kernels.h"

namespace fastlogit {

#if defined(__GNUC__)

#define FASTLOGIT_UNROLL _Pragma("GCC unroll 8")
#define FASTLOGIT_PACK(LANES, ALIGNMENT) \
  __attribute__((vector_size(8 * LANES), aligned(ALIGNMENT), may_alias))

// One body for all variants. It has to be a macro: neither a target attribute nor a vector type
// with its attributes can be a template argument, and a helper function without the attribute would
// be compiled to baseline code before it is inlined. The sums of lanes are written in pairs because
// the compilers turn only these into vector instructions; in short blocks they are a quarter of the
// time.
#define FASTLOGIT_GRAM_KERNELS(NAME, LANES, TILE_ROWS, TILE_COLS, TARGET)                          \
  struct NAME {                                                                                    \
    static constexpr int kTileRows = TILE_ROWS;                                                    \
    static constexpr int kTileCols = TILE_COLS;                                                    \
    typedef double Pack FASTLOGIT_PACK(LANES, 8 * LANES);                                          \
    typedef double Loose FASTLOGIT_PACK(LANES, 8);                                                 \
    typedef double Pair FASTLOGIT_PACK(2, 16);                                                     \
    typedef double LoosePair FASTLOGIT_PACK(2, 8);                                                 \
                                                                                                   \
    template <int kRows, int kCols>                                                                \
    TARGET static void tile(const double* a,                                                       \
                            const double* b,                                                       \
                            Index stride,                                                          \
                            Index rows,                                                            \
                            double sign,                                                           \
                            double* out,                                                           \
                            Index ld) {                                                            \
      Pack sum[kRows][kCols] = {};                                                                 \
      for (Index k = 0; k < rows; k += LANES) {                                                    \
        FASTLOGIT_UNROLL for (int i = 0; i < kRows; ++i) {                                         \
          const Pack value = *reinterpret_cast<const Pack*>(a + i * stride + k);                   \
          FASTLOGIT_UNROLL for (int j = 0; j < kCols; ++j) {                                       \
            sum[i][j] += value * *reinterpret_cast<const Pack*>(b + j * stride + k);               \
          }                                                                                        \
        }                                                                                          \
      }                                                                                            \
      FASTLOGIT_UNROLL for (int j = 0; j < kCols; ++j) {                                           \
        Pair pair[kRows];                                                                          \
        FASTLOGIT_UNROLL for (int i = 0; i < kRows; ++i) {                                         \
          pair[i] = Pair{sum[i][j][0], sum[i][j][1]};                                              \
          FASTLOGIT_UNROLL for (int lane = 2; lane < LANES; lane += 2) {                           \
            pair[i] += Pair{sum[i][j][lane], sum[i][j][lane + 1]};                                 \
          }                                                                                        \
        }                                                                                          \
        double* const column = out + j * ld;                                                       \
        FASTLOGIT_UNROLL for (int i = 0; i + 1 < kRows; i += 2) {                                  \
          const Pair total = Pair{pair[i][0], pair[i + 1][0]} + Pair{pair[i][1], pair[i + 1][1]};  \
          *reinterpret_cast<LoosePair*>(column + i) += sign * total;                               \
        }                                                                                          \
        if (kRows % 2 == 1) column[kRows - 1] += sign * (pair[kRows - 1][0] + pair[kRows - 1][1]); \
      }                                                                                            \
    }                                                                                              \
                                                                                                   \
    template <int kCols>                                                                           \
    TARGET static void form(const double* x,                                                       \
                            Index stride,                                                          \
                            Index rows,                                                            \
                            const double* panel,                                                   \
                            Index depth,                                                           \
                            Index first,                                                           \
                            double* out) {                                                         \
      for (Index i = 0; i < rows; i += 2 * LANES) {                                                \
        Pack sum[2][kCols] = {};                                                                   \
        for (Index k = 0; k < depth; ++k) {                                                        \
          const Pack low = *reinterpret_cast<const Pack*>(x + k * stride + i);                     \
          const Pack high = *reinterpret_cast<const Pack*>(x + k * stride + i + LANES);            \
          FASTLOGIT_UNROLL for (int c = 0; c < kCols; ++c) {                                       \
            sum[0][c] += low * panel[k * kCols + c];                                               \
            sum[1][c] += high * panel[k * kCols + c];                                              \
          }                                                                                        \
        }                                                                                          \
        FASTLOGIT_UNROLL for (int c = 0; c < kCols; ++c) {                                         \
          const double* const own = x + (first + c) * stride + i;                                  \
          *reinterpret_cast<Pack*>(out + i) += sum[0][c] * *reinterpret_cast<const Pack*>(own);    \
          *reinterpret_cast<Pack*>(out + i + LANES) +=                                             \
              sum[1][c] * *reinterpret_cast<const Pack*>(own + LANES);                             \
        }                                                                                          \
      }                                                                                            \
    }                                                                                              \
                                                                                                   \
    TARGET static void scale(                                                                      \
        const double* x, const double* root, double factor, Index rows, double* out) {             \
      Index k = 0;                                                                                 \
      for (; k + LANES <= rows; k += LANES) {                                                      \
        *reinterpret_cast<Pack*>(out + k) = *reinterpret_cast<const Pack*>(root + k) *             \
                                            *reinterpret_cast<const Loose*>(x + k) * factor;       \
      }                                                                                            \
      for (; k < rows; ++k) out[k] = root[k] * x[k] * factor;                                      \
    }                                                                                              \
  };

// Sizes of tiles are measured. Without avx512vl clang spills half of the sums, as it cannot take
// apart those of the upper 16 registers.
FASTLOGIT_GRAM_KERNELS(BaselineKernels, 2, 3, 3, )
#if FASTLOGIT_X86_VARIANTS
FASTLOGIT_GRAM_KERNELS(Avx2Kernels, 4, 4, 3, __attribute__((target("avx2,fma"))))
FASTLOGIT_GRAM_KERNELS(Avx512Kernels, 8, 5, 5, __attribute__((target("avx512f,avx512vl"))))
#endif

#undef FASTLOGIT_GRAM_KERNELS
#undef FASTLOGIT_PACK
#undef FASTLOGIT_UNROLL

#else  // no vector extensions: plain loops

struct BaselineKernels {
  static constexpr int kTileRows = 2;
  static constexpr int kTileCols = 2;

  template <int kRows, int kCols>
  static void tile(const double* a,
                   const double* b,
                   Index stride,
                   Index rows,
                   double sign,
                   double* out,
                   Index ld) {
    double sum[kRows][kCols] = {};
    for (Index k = 0; k < rows; ++k) {
      for (int i = 0; i < kRows; ++i) {
        for (int j = 0; j < kCols; ++j) sum[i][j] += a[i * stride + k] * b[j * stride + k];
      }
    }
    for (int i = 0; i < kRows; ++i) {
      for (int j = 0; j < kCols; ++j) out[i + j * ld] += sign * sum[i][j];
    }
  }

  template <int kCols>
  static void form(const double* x,
                   Index stride,
                   Index rows,
                   const double* panel,
                   Index depth,
                   Index first,
                   double* out) {
    for (Index c = 0; c < kCols; ++c) {
      const double* const own = x + (first + c) * stride;
      for (Index k = 0; k < depth; ++k) {
        const double factor = panel[k * kCols + c];
        for (Index i = 0; i < rows; ++i) out[i] += factor * x[k * stride + i] * own[i];
      }
    }
  }

  static void scale(const double* x, const double* root, double factor, Index rows, double* out) {
    for (Index k = 0; k < rows; ++k) out[k] = root[k] * x[k] * factor;
  }
};

#endif

}  // namespace fastlogit
