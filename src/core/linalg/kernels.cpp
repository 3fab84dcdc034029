#include "kernels.h"

#include <utility>

#include "gram_kernels.h"

namespace fastlogit {

namespace {

template <typename Kernels, int... kIndex, int... kForm>
GramKernels make_gram_kernels(std::integer_sequence<int, kIndex...>,
                              std::integer_sequence<int, kForm...>) {
  constexpr int kCols = Kernels::kTileCols;
  static constexpr GramTile kTiles[] = {
      &Kernels::template tile<kIndex / kCols + 1, kIndex % kCols + 1>...};
  return {
      Kernels::kTileRows, kCols, &Kernels::scale, {&Kernels::template form<kForm + 1>...}, kTiles};
}

template <typename Kernels>
GramKernels make_gram_kernels() {
  constexpr int kTiles = Kernels::kTileRows * Kernels::kTileCols;
  return make_gram_kernels<Kernels>(std::make_integer_sequence<int, kTiles>(),
                                    std::make_integer_sequence<int, kFormCols>());
}

}  // namespace

GramKernels gram_kernels(Simd simd) {
#if FASTLOGIT_X86_VARIANTS
  if (simd == Simd::avx512) return make_gram_kernels<Avx512Kernels>();
  if (simd == Simd::avx2) return make_gram_kernels<Avx2Kernels>();
#endif
  static_cast<void>(simd);
  return make_gram_kernels<BaselineKernels>();
}

}  // namespace fastlogit
