#include "cpu.h"

namespace fastlogit {

const char* name_of(Simd simd) {
  switch (simd) {
    case Simd::avx512:
      return "avx512";
    case Simd::avx2:
      return "avx2";
    default:
      return "baseline";
  }
}

bool has_simd(Simd simd) {
#if FASTLOGIT_X86_VARIANTS
  if (simd == Simd::avx512) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl");
  }
  if (simd == Simd::avx2) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
  return simd == Simd::baseline;
}

std::vector<Simd> simd_variants() {
  std::vector<Simd> variants;
  for (const Simd simd : {Simd::baseline, Simd::avx2, Simd::avx512}) {
    if (has_simd(simd)) variants.push_back(simd);
  }
  return variants;
}

std::atomic<Simd>& simd_in_use() {
  static std::atomic<Simd> simd(simd_variants().back());
  return simd;
}

bool force_simd(Simd simd) {
  if (!has_simd(simd)) return false;
  simd_in_use().store(simd, std::memory_order_relaxed);
  return true;
}

}  // namespace fastlogit
