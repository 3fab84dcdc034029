#include "registry.h"

#include "adjustment.h"
#include "moments.h"
#include "products.h"
#include "range.h"
#include "third_order.h"
#include "triangle.h"

namespace fastlogit {

namespace {

struct SumEntry {
  const char* name;
  std::unique_ptr<Sum> (*make)(Unpacker& question);
};

template <class Own>
constexpr SumEntry entry() {
  return {Own::kName, [](Unpacker& question) -> std::unique_ptr<Sum> {
            return std::make_unique<Own>(question);
          }};
}

constexpr SumEntry kSums[] = {
    entry<MomentsSum>(),
    entry<GradientsSum>(),
    entry<TriangleSum>(),
    entry<ProductsSum>(),
    entry<AdjustmentSum>(),
    entry<ThirdOrderSum>(),
    entry<RangeSum>(),
};

}  // namespace

std::unique_ptr<Sum> make_sum(const std::string& name, Unpacker& question) {
  for (const SumEntry& entry : kSums) {
    if (name == entry.name) return entry.make(question);
  }
  return nullptr;
}

}  // namespace fastlogit
