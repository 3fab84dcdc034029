// The families by name. A new link is a struct in link.h and a line here.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "binary.h"
#include "family.h"
#include "link.h"
#include "multinomial.h"

namespace fastlogit {

struct FamilyEntry {
  const char* name;
  std::unique_ptr<Family> (*make)(Index predictors);
};

template <class Link>
std::unique_ptr<Family> make_binary(Index) {
  return std::make_unique<BinaryFamily<Link>>();
}

inline std::unique_ptr<Family> make_multinomial(Index predictors) {
  return std::make_unique<MultinomialFamily>(predictors);
}

constexpr FamilyEntry kFamilies[] = {
    {"logit", make_binary<LogitLink>},
    {"probit", make_binary<ProbitLink>},
    {"cloglog", make_binary<CloglogLink>},
    {"cauchit", make_binary<CauchitLink>},
    {"log", make_binary<LogLink>},
    {"multinomial", make_multinomial},
};

// Null for a name that is not registered.
inline std::unique_ptr<Family> make_family(const std::string& name, Index predictors = 1) {
  for (const FamilyEntry& entry : kFamilies) {
    if (name == entry.name) return entry.make(predictors);
  }
  return nullptr;
}

inline std::vector<std::string> family_names() {
  std::vector<std::string> names;
  for (const FamilyEntry& entry : kFamilies) names.emplace_back(entry.name);
  return names;
}

}  // namespace fastlogit
