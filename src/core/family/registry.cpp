#include "registry.h"

#include "binary.h"
#include "conditional.h"
#include "link.h"
#include "multinomial.h"

namespace fastlogit {

namespace {

struct FamilyEntry {
  const char* name;
  std::unique_ptr<Family> (*make)(Index predictors);
};

template <class Link>
std::unique_ptr<Family> make_binary(Index) {
  return std::make_unique<BinaryFamily<Link>>();
}

std::unique_ptr<Family> make_multinomial(Index predictors) {
  return std::make_unique<MultinomialFamily>(predictors);
}

std::unique_ptr<Family> make_conditional(Index) {
  return std::make_unique<ConditionalFamily>();
}

constexpr FamilyEntry kFamilies[] = {
    {"logit", make_binary<LogitLink>},
    {"probit", make_binary<ProbitLink>},
    {"cloglog", make_binary<CloglogLink>},
    {"cauchit", make_binary<CauchitLink>},
    {"log", make_binary<LogLink>},
    {"identity", make_binary<IdentityLink>},
    {"loglog", make_binary<LoglogLink>},
    {"multinomial", make_multinomial},
    {"conditional", make_conditional},
};

}  // namespace

std::unique_ptr<Family> make_family(const std::string& name, Index predictors) {
  for (const FamilyEntry& entry : kFamilies) {
    if (name == entry.name) return entry.make(predictors);
  }
  return nullptr;
}

std::vector<std::string> family_names() {
  std::vector<std::string> names;
  for (const FamilyEntry& entry : kFamilies) names.emplace_back(entry.name);
  return names;
}

}  // namespace fastlogit
