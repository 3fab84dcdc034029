// The families by name. A new link is a struct in link.h and a line in registry.cpp.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cuts.h"
#include "family.h"

namespace fastlogit {

// Null for a name that is not registered. cuts: of ordered classes, or null.
std::unique_ptr<Family> make_family(const std::string& name,
                                    Index predictors = 1,
                                    std::shared_ptr<const Cuts> cuts = nullptr);

// What a family's response is.
enum class Classes { two, many, ordered, sets };

std::vector<std::string> family_names(Classes classes);

}  // namespace fastlogit
