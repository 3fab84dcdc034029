#include "panel_kernels.h"

namespace fastlogit {

namespace {

#if defined(__GNUC__)

// A macro for the reasons that gram_kernels.h gives. PACKS vectors of LANES columns of the panel
// times COLS columns of the other are in registers, with the PACKS vectors and one factor.
#define FASTLOGIT_UNROLL _Pragma("GCC unroll 8")
#define FASTLOGIT_PANEL_KERNELS(NAME, LANES, PACKS, COLS, TARGET)                                  \
  struct NAME {                                                                                    \
    static constexpr int kBytes = 4 * LANES;                                                       \
    static constexpr int kWidth = PACKS * LANES;                                                   \
    static constexpr int kCols = COLS;                                                             \
    typedef float Pack __attribute__((vector_size(kBytes), aligned(kBytes), may_alias));           \
    typedef double Sums __attribute__((vector_size(8 * LANES), aligned(8), may_alias));            \
                                                                                                   \
    TARGET static void tile(                                                                       \
        const float* a, const float* b, Index rows, double sign, double* out, Index ld) {          \
      Pack sum[COLS][PACKS] = {};                                                                  \
      for (Index k = 0; k < rows; ++k) {                                                           \
        Pack value[PACKS];                                                                         \
        FASTLOGIT_UNROLL for (int i = 0; i < PACKS; ++i) {                                         \
          value[i] = *reinterpret_cast<const Pack*>(a + k * kWidth + i * LANES);                   \
        }                                                                                          \
        FASTLOGIT_UNROLL for (int j = 0; j < COLS; ++j) {                                          \
          FASTLOGIT_UNROLL for (int i = 0; i < PACKS; ++i) {                                       \
            sum[j][i] += value[i] * b[k * kWidth + j];                                             \
          }                                                                                        \
        }                                                                                          \
      }                                                                                            \
      FASTLOGIT_UNROLL for (int j = 0; j < COLS; ++j) {                                            \
        FASTLOGIT_UNROLL for (int i = 0; i < PACKS; ++i) {                                         \
          *reinterpret_cast<Sums*>(out + j * ld + i * LANES) +=                                    \
              sign * __builtin_convertvector(sum[j][i], Sums);                                     \
        }                                                                                          \
      }                                                                                            \
    }                                                                                              \
                                                                                                   \
    TARGET static void pack(                                                                       \
        const double* const* x, const double* root, const double* scale, Index rows, float* out) { \
      for (Index k = 0; k < rows; ++k) {                                                           \
        FASTLOGIT_UNROLL for (int j = 0; j < kPackedColumns; ++j) {                                \
          out[k * kWidth + j] = static_cast<float>(root[k] * x[j][k] * scale[j]);                  \
        }                                                                                          \
      }                                                                                            \
    }                                                                                              \
  };

FASTLOGIT_PANEL_KERNELS(BaselinePanels, 4, 2, 4, )
#if FASTLOGIT_X86_VARIANTS
FASTLOGIT_PANEL_KERNELS(Avx2Panels, 8, 3, 4, __attribute__((target("avx2,fma"))))
FASTLOGIT_PANEL_KERNELS(Avx512Panels, 16, 3, 8, __attribute__((target("avx512f,avx512vl"))))
#endif

#undef FASTLOGIT_PANEL_KERNELS
#undef FASTLOGIT_UNROLL

#else  // no vector extensions: plain loops

struct BaselinePanels {
  static constexpr int kWidth = 4;
  static constexpr int kCols = 4;

  static void tile(const float* a, const float* b, Index rows, double sign, double* out, Index ld) {
    float sum[kCols][kWidth] = {};
    for (Index k = 0; k < rows; ++k) {
      for (int j = 0; j < kCols; ++j) {
        for (int i = 0; i < kWidth; ++i) sum[j][i] += a[k * kWidth + i] * b[k * kWidth + j];
      }
    }
    for (int j = 0; j < kCols; ++j) {
      for (int i = 0; i < kWidth; ++i) out[j * ld + i] += sign * sum[j][i];
    }
  }

  static void pack(
      const double* const* x, const double* root, const double* scale, Index rows, float* out) {
    for (Index k = 0; k < rows; ++k) {
      for (int j = 0; j < kPackedColumns; ++j) {
        out[k * kWidth + j] = static_cast<float>(root[k] * x[j][k] * scale[j]);
      }
    }
  }
};

#endif

template <typename Kernels>
PanelKernels make_panel_kernels() {
  static_assert(Kernels::kWidth % Kernels::kCols == 0 && Kernels::kCols % kPackedColumns == 0);
  return {Kernels::kWidth, Kernels::kCols, &Kernels::tile, &Kernels::pack};
}

}  // namespace

PanelKernels panel_kernels(Simd simd) {
#if FASTLOGIT_X86_VARIANTS
  if (simd == Simd::avx512) return make_panel_kernels<Avx512Panels>();
  if (simd == Simd::avx2) return make_panel_kernels<Avx2Panels>();
#endif
  static_cast<void>(simd);
  return make_panel_kernels<BaselinePanels>();
}

}  // namespace fastlogit
