// Which instructions this machine has for the hand-written kernels, found out once at run time.
#pragma once

#include <atomic>
#include <vector>

// Variants exist where the compiler can target single functions and ask the processor. GCC on
// Windows aligns the stack to 16 bytes only, so a spilled wide register would crash there.
#if defined(__x86_64__) && (defined(__clang__) || (defined(__GNUC__) && !defined(_WIN32)))
#define FASTLOGIT_X86_VARIANTS 1
#else
#define FASTLOGIT_X86_VARIANTS 0
#endif

namespace fastlogit {

enum class Simd { baseline, avx2, avx512 };

inline const char* name_of(Simd simd) {
  switch (simd) {
    case Simd::avx512:
      return "avx512";
    case Simd::avx2:
      return "avx2";
    default:
      return "baseline";
  }
}

inline bool has_simd(Simd simd) {
#if FASTLOGIT_X86_VARIANTS
  if (simd == Simd::avx512) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl");
  }
  if (simd == Simd::avx2) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
  return simd == Simd::baseline;
}

// The variants this machine has, slowest first; the baseline is always one of them.
inline std::vector<Simd> simd_variants() {
  std::vector<Simd> variants;
  for (const Simd simd : {Simd::baseline, Simd::avx2, Simd::avx512}) {
    if (has_simd(simd)) variants.push_back(simd);
  }
  return variants;
}

// The variant in use, for the whole process.
inline std::atomic<Simd>& simd_in_use() {
  static std::atomic<Simd> simd(simd_variants().back());
  return simd;
}

inline Simd active_simd() {
  return simd_in_use().load(std::memory_order_relaxed);
}

// A control for tests, to be used between computations: variants differ in the last bits. False,
// and nothing changes, where the machine does not have this variant.
inline bool force_simd(Simd simd) {
  if (!has_simd(simd)) return false;
  simd_in_use().store(simd, std::memory_order_relaxed);
  return true;
}

}  // namespace fastlogit
