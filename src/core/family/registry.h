// The families by name. A new link is a struct in link.h and a line here.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "binary.h"
#include "family.h"
#include "link.h"

namespace fastlogit {

struct FamilyEntry {
  const char* name;
  std::unique_ptr<Family> (*make)();
};

template <class Link>
std::unique_ptr<Family> make_binary() {
  return std::make_unique<BinaryFamily<Link>>();
}

constexpr FamilyEntry kFamilies[] = {
    {"logit", make_binary<LogitLink>},
    {"probit", make_binary<ProbitLink>},
    {"cloglog", make_binary<CloglogLink>},
    {"cauchit", make_binary<CauchitLink>},
    {"log", make_binary<LogLink>},
};

// Null for a name that is not registered.
inline std::unique_ptr<Family> make_family(const std::string& name) {
  for (const FamilyEntry& entry : kFamilies) {
    if (name == entry.name) return entry.make();
  }
  return nullptr;
}

inline std::vector<std::string> family_names() {
  std::vector<std::string> names;
  for (const FamilyEntry& entry : kFamilies) names.emplace_back(entry.name);
  return names;
}

}  // namespace fastlogit
