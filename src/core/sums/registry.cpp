#include "registry.h"

#include "adjustment.h"
#include "curvature.h"
#include "means.h"
#include "moments.h"
#include "products.h"
#include "range.h"
#include "reach.h"
#include "score_products.h"
#include "third_order.h"
#include "triangle.h"

namespace fastlogit {

namespace {

struct SumEntry {
  const char* name;
  std::unique_ptr<Sum> (*make)(Unpacker& question);
  std::vector<std::unique_ptr<Sum>> (*examples)(const ExamplePoint& at);
};

template <class Own>
std::unique_ptr<Sum> make(Unpacker& question) {
  return std::make_unique<Own>(question);
}

template <class Own>
std::vector<std::unique_ptr<Sum>> make_examples(const ExamplePoint& at) {
  std::vector<std::unique_ptr<Sum>> sums;
  for (const Own& sum : Own::examples(at)) sums.push_back(sum.clone());
  return sums;
}

template <class Own>
constexpr SumEntry entry() {
  return {Own::kName, make<Own>, make_examples<Own>};
}

constexpr SumEntry kSums[] = {
    entry<MomentsSum>(),
    entry<GradientsSum>(),
    entry<TriangleSum>(),
    entry<ProductsSum>(),
    entry<CurvatureSum>(),
    entry<AdjustmentSum>(),
    entry<ThirdOrderSum>(),
    entry<RangeSum>(),
    entry<ScoreProductsSum>(),
    entry<ReachSum>(),
    entry<MeansSum>(),
};

}  // namespace

std::unique_ptr<Sum> make_sum(const std::string& name, Unpacker& question) {
  for (const SumEntry& entry : kSums) {
    if (name == entry.name) return entry.make(question);
  }
  return nullptr;
}

std::vector<std::string> sum_names() {
  std::vector<std::string> names;
  for (const SumEntry& entry : kSums) names.emplace_back(entry.name);
  return names;
}

std::vector<std::unique_ptr<Sum>> example_sums(const std::string& name, const ExamplePoint& at) {
  for (const SumEntry& entry : kSums) {
    if (name == entry.name) return entry.examples(at);
  }
  return {};
}

}  // namespace fastlogit
