// What the rows are asked for, in words that another process understands, too.
#pragma once

#include <memory>
#include <string>

#include "family.h"

namespace fastlogit {

// The family that pushes all linear predictors into a domain, to find a start for a bounded one.
constexpr const char* kPhaseOne = "inwards";

// The family of which the responses are the linear predictors that are wanted.
constexpr const char* kLeastSquares = "least squares";

// The binomial family over a link of the user's.
constexpr const char* kUserLink = "user link";

struct LinkFunctions;
class Cuts;

struct Likelihood {
  std::string family;  // a name of the registry, or one of those above
  Index predictors = 1;
  double barrier = 0.0;  // its strength; 0: there is none
  double damping = 1.0;  // of the linear predictors
  // What does not travel, as whoever has the rows knows it.
  Domain domain;                              // of kPhaseOne
  std::shared_ptr<const LinkFunctions> link;  // of kUserLink
  std::shared_ptr<const Cuts> cuts;           // of ordered classes
};

std::shared_ptr<const Family> make_family(const Likelihood& likelihood);

}  // namespace fastlogit
