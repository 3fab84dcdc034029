// How Wald's statistics change with their coefficients.
#pragma once

#include <vector>

#include "profiles.h"

namespace fastlogit {

// The derivatives of the statistics (estimate over standard error, by the expected information) in
// their coefficients, the others kept (Hauck & Donner 1977; Yee 2022), by central differences of
// the information. NaN for coefficients that are less than `least` in size, times the largest
// entry (or up to twice that) of their column. which: counted from 1.
Vector wald_slopes(Profiles& profiles, const std::vector<int>& which, double least);

}  // namespace fastlogit
