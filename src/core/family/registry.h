// The families by name. A new link is a struct in link.h and a line in registry.cpp.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "family.h"

namespace fastlogit {

// Null for a name that is not registered.
std::unique_ptr<Family> make_family(const std::string& name, Index predictors = 1);

std::vector<std::string> family_names();

}  // namespace fastlogit
