// What one way through the values of a variable tells.
#pragma once

#include <Rcpp.h>

#include <vector>

namespace fastlogit {

// Of each factor a list: which of its levels some row has (`seen`), whether codes are missing, and
// whether there are others than those of its levels (`damaged`). All have as many rows.
std::vector<Rcpp::RObject> levels_seen(const std::vector<SEXP>& factors, SEXP threads);

// The words of a character vector as they come, each once (`words`), and of each element the number
// of its word (`codes`).
SEXP words_of(SEXP x);

}  // namespace fastlogit
