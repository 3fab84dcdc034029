// The sums by name, for those who are asked from another process. A new one is a header and a line
// in registry.cpp.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sum.h"

namespace fastlogit {

// question: as Sum::pack_question() has packed it. Null for a name that is not registered.
std::unique_ptr<Sum> make_sum(const std::string& name, Unpacker& question);

std::vector<std::string> sum_names();

// Questions to try a sum by; none for a name that is not registered.
std::vector<std::unique_ptr<Sum>> example_sums(const std::string& name, const ExamplePoint& at);

}  // namespace fastlogit
