#include "registry.h"

#include <stdexcept>
#include <utility>

#include "binary.h"
#include "conditional.h"
#include "cumulative.h"
#include "link.h"
#include "multinomial.h"
#include "ordered.h"
#include "ordered_steps.h"

namespace fastlogit {

namespace {

using Made = std::unique_ptr<Family>;
using SharedCuts = std::shared_ptr<const Cuts>;

struct FamilyEntry {
  const char* name;
  Classes classes;
  Made (*make)(Index predictors, SharedCuts cuts);
};

template <class Link>
Made make_binary(Index, SharedCuts) {
  return std::make_unique<BinaryFamily<Link>>();
}

Made make_multinomial(Index predictors, SharedCuts) {
  return std::make_unique<MultinomialFamily>(predictors);
}

Made make_conditional(Index, SharedCuts) {
  return std::make_unique<ConditionalFamily>();
}

template <class Steps>
Made make_ordered(Index predictors, SharedCuts cuts) {
  const Index count = cuts ? cuts->count() : predictors;
  return std::make_unique<OrderedFamily<Steps>>(count, std::move(cuts));
}

template <class Link>
Made make_cumulative(Index predictors, SharedCuts cuts) {
  if (cuts && cuts->around()) return std::make_unique<CumulativeFamily<Link>>(std::move(cuts));
  return make_ordered<CumulativeSteps<Link>>(predictors, std::move(cuts));
}

constexpr FamilyEntry kFamilies[] = {
    {"logit", Classes::two, make_binary<LogitLink>},
    {"probit", Classes::two, make_binary<ProbitLink>},
    {"cloglog", Classes::two, make_binary<CloglogLink>},
    {"cauchit", Classes::two, make_binary<CauchitLink>},
    {"log", Classes::two, make_binary<LogLink>},
    {"identity", Classes::two, make_binary<IdentityLink>},
    {"loglog", Classes::two, make_binary<LoglogLink>},
    {"multinomial", Classes::many, make_multinomial},
    {"conditional", Classes::sets, make_conditional},
    {"cumulative logit", Classes::ordered, make_cumulative<LogitLink>},
    {"cumulative probit", Classes::ordered, make_cumulative<ProbitLink>},
    {"cumulative cloglog", Classes::ordered, make_cumulative<CloglogLink>},
    {"cumulative loglog", Classes::ordered, make_cumulative<LoglogLink>},
    {"cumulative cauchit", Classes::ordered, make_cumulative<CauchitLink>},
    {"continuation logit", Classes::ordered, make_ordered<ContinuationSteps<LogitLink>>},
    {"continuation probit", Classes::ordered, make_ordered<ContinuationSteps<ProbitLink>>},
    {"continuation cloglog", Classes::ordered, make_ordered<ContinuationSteps<CloglogLink>>},
    {"continuation loglog", Classes::ordered, make_ordered<ContinuationSteps<LoglogLink>>},
    {"continuation cauchit", Classes::ordered, make_ordered<ContinuationSteps<CauchitLink>>},
    {"adjacent logit", Classes::ordered, make_ordered<AdjacentSteps<LogitLink>>},
    {"adjacent probit", Classes::ordered, make_ordered<AdjacentSteps<ProbitLink>>},
    {"adjacent cloglog", Classes::ordered, make_ordered<AdjacentSteps<CloglogLink>>},
    {"adjacent loglog", Classes::ordered, make_ordered<AdjacentSteps<LoglogLink>>},
    {"adjacent cauchit", Classes::ordered, make_ordered<AdjacentSteps<CauchitLink>>},
};

}  // namespace

Made make_family(const std::string& name, Index predictors, SharedCuts cuts) {
  for (const FamilyEntry& entry : kFamilies) {
    if (name == entry.name) return entry.make(predictors, std::move(cuts));
  }
  throw std::invalid_argument("there is no family of the name " + name);
}

std::vector<std::string> family_names(Classes classes) {
  std::vector<std::string> names;
  for (const FamilyEntry& entry : kFamilies) {
    if (entry.classes == classes) names.emplace_back(entry.name);
  }
  return names;
}

}  // namespace fastlogit
