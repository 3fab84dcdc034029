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

const char* name_of(Simd simd);

bool has_simd(Simd simd);

// The variants this machine has, slowest first; the baseline is always one of them.
std::vector<Simd> simd_variants();

// The variant in use, for the whole process.
std::atomic<Simd>& simd_in_use();

inline Simd active_simd() {
  return simd_in_use().load(std::memory_order_relaxed);
}

// A control for tests, to be used between computations: variants differ in the last bits. False,
// and nothing changes, where the machine does not have this variant.
bool force_simd(Simd simd);

}  // namespace fastlogit
