// What one way through the values of a variable tells: levels of factors, words, single trials.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/engine/partition.h"
#include "core/engine/threads.h"
#include "r_lists.h"
#include "r_problem.h"
#include "r_values.h"

using namespace fastlogit;

namespace {

// Codes by what they are: 0 for those of no level, 1, ..., and the last for missing ones.
class SeenLevels {
 public:
  explicit SeenLevels(int levels) : seen_(levels + 2, 0) {}

  void add(const int* codes, Rows rows) {
    const unsigned missing = static_cast<unsigned>(seen_.size()) - 1;
    char* const seen = seen_.data();
    for (Index i = rows.begin; i < rows.end; ++i) {
      const unsigned code = static_cast<unsigned>(codes[i]);
      seen[code < missing ? code : codes[i] == NA_INTEGER ? missing : 0] = 1;
    }
  }

  void merge(const SeenLevels& other) {
    for (std::size_t k = 0; k < seen_.size(); ++k) seen_[k] |= other.seen_[k];
  }

  SEXP to_r() const {
    const Rcpp::Shield<SEXP> seen(Rf_allocVector(LGLSXP, seen_.size() - 2));
    std::copy(seen_.begin() + 1, seen_.end() - 1, LOGICAL(seen));
    return ListBuilder(3)
        .add("seen", seen)
        .add("missing", Rf_ScalarLogical(seen_.back() == 1))
        .add("damaged", Rf_ScalarLogical(seen_.front() == 1))
        .list();
  }

 private:
  std::vector<char> seen_;
};

// Numbers from 1 on for values that come again, by open addressing.
class WordNumbers {
 public:
  // R has each word once, so that equal addresses are equal words; equal words of different
  // encodings are two.
  int number_of(SEXP word) {
    const std::uintptr_t hash = reinterpret_cast<std::uintptr_t>(word) / 8 * kSpread;
    std::size_t slot = hash >> (8 * sizeof(hash) - bits_);
    while (slots_[slot] != 0 && words_[slots_[slot] - 1] != word) {
      slot = (slot + 1) & (slots_.size() - 1);
    }
    if (slots_[slot] != 0) return slots_[slot];
    words_.push_back(word);
    const int number = slots_[slot] = static_cast<int>(words_.size());
    if (2 * words_.size() > slots_.size()) grow();
    return number;
  }

  const std::vector<SEXP>& words() const { return words_; }

 private:
  static constexpr std::uintptr_t kSpread = static_cast<std::uintptr_t>(0x9E3779B97F4A7C15u);

  void grow() {
    ++bits_;
    slots_.assign(std::size_t{1} << bits_, 0);
    const std::vector<SEXP> known = std::move(words_);
    words_.clear();
    for (const SEXP word : known) number_of(word);
  }

  int bits_ = 8;
  std::vector<int> slots_ = std::vector<int>(std::size_t{1} << bits_, 0);
  std::vector<SEXP> words_;
};

// The numbers less `zero`, and how many of them are 1; -1 where one is neither 0 nor 1.
template <typename Number>
double write_trials(const Number* y, R_xlen_t n, Number zero, double* out) {
  R_xlen_t ones = 0;
  bool others = false;
  for (R_xlen_t i = 0; i < n; ++i) {
    const bool one = y[i] == zero + 1;
    ones += one;
    others |= y[i] != zero && !one;
    out[i] = one;
  }
  return others ? -1.0 : static_cast<double>(ones);
}

double count_ones(const double* y, R_xlen_t n) {
  R_xlen_t ones = 0;
  bool others = false;
  for (R_xlen_t i = 0; i < n; ++i) {
    ones += y[i] == 1.0;
    others |= y[i] != 0.0 && y[i] != 1.0;
  }
  return others ? -1.0 : static_cast<double>(ones);
}

}  // namespace

namespace fastlogit {

std::vector<Rcpp::RObject> levels_seen(const std::vector<SEXP>& factors, SEXP threads) {
  std::vector<SeenLevels> seen;
  Index rows = 0;
  for (const SEXP factor : factors) {
    seen.emplace_back(Rf_length(Rf_getAttrib(factor, R_LevelsSymbol)));
    rows = Rf_xlength(factor);
  }
  const Index count = static_cast<Index>(factors.size());
  const int workers = rows * count < 50000 ? 1 : threads_from(threads);
  const Partition partition(rows, workers, 1024);
  const Index strips = partition.strips();
  std::vector<const int*> codes;
  for (const SEXP factor : factors) codes.push_back(INTEGER(factor));
  std::vector<SeenLevels> parts;
  for (Index k = 0; k < count * strips; ++k) parts.push_back(seen[k / strips]);
  const auto look = [&](Index k, int) {
    parts[k].add(codes[k / strips], partition.strip(k % strips));
  };
  parallel_for(count * strips, workers, look, nullptr);
  std::vector<Rcpp::RObject> found;
  for (Index k = 0; k < count; ++k) {
    for (Index i = 0; i < strips; ++i) seen[k].merge(parts[k * strips + i]);
    found.push_back(seen[k].to_r());
  }
  return found;
}

SEXP words_of(SEXP x) {
  WordNumbers numbers;
  const R_xlen_t n = Rf_xlength(x);
  const Rcpp::Shield<SEXP> codes(Rf_allocVector(INTSXP, n));
  const SEXP* const words = STRING_PTR_RO(x);
  for (R_xlen_t i = 0; i < n; ++i) INTEGER(codes)[i] = numbers.number_of(words[i]);
  const Rcpp::Shield<SEXP> found(Rf_allocVector(STRSXP, numbers.words().size()));
  for (std::size_t k = 0; k < numbers.words().size(); ++k) {
    SET_STRING_ELT(found, k, numbers.words()[k]);
  }
  return ListBuilder(2).add("words", found).add("codes", codes).list();
}

}  // namespace fastlogit

// [[Rcpp::export(rng = false)]]
Rcpp::List levels_seen_impl(const Rcpp::List& factors, SEXP threads) {
  return Rcpp::wrap(levels_seen(std::vector<SEXP>(factors.begin(), factors.end()), threads));
}

// [[Rcpp::export(rng = false)]]
SEXP words_impl(const Rcpp::CharacterVector& x) {
  return words_of(x);
}

// Numbers, logicals or the codes of a factor as doubles, where they are no others than `zero` and
// one more: list(y = 0 or 1, successes = how many are 1), else NULL. plain: has y no attributes?
// [[Rcpp::export(rng = false)]]
SEXP zeros_and_ones_impl(const SEXP y, const int zero, const bool plain) {
  const R_xlen_t n = Rf_xlength(y);
  if (TYPEOF(y) == REALSXP && plain) {
    const double ones = count_ones(REAL(y), n);
    if (ones < 0.0) return R_NilValue;
    return ListBuilder(2).add("y", y).add("successes", Rf_ScalarReal(ones)).list();
  }
  const Rcpp::Shield<SEXP> trials(Rf_allocVector(REALSXP, n));
  const double ones =
      TYPEOF(y) == REALSXP
          ? write_trials<double>(REAL(y), n, zero, REAL(trials))
          : write_trials<int>(static_cast<const int*>(DATAPTR_RO(y)), n, zero, REAL(trials));
  if (ones < 0.0) return R_NilValue;
  return ListBuilder(2).add("y", trials).add("successes", Rf_ScalarReal(ones)).list();
}

// Of each level 1 where all of its rows demand 1, -1 where all demand -1, else 0. demand: 1, 0 or
// -1, NA of a row that does not count; nor does one whose `round` is not 0.
// [[Rcpp::export(rng = false)]]
Rcpp::IntegerVector signs_of_levels_impl(const Rcpp::IntegerVector& code,
                                         const int levels,
                                         const Rcpp::IntegerVector& demand,
                                         const Rcpp::IntegerVector& round) {
  constexpr char kNone = 2;  // no row so far
  std::vector<char> common(levels, kNone);
  for (R_xlen_t i = 0; i < code.size(); ++i) {
    if (demand[i] == NA_INTEGER || round[i] != 0) continue;
    char& sign = common[code[i] - 1];
    const char own = static_cast<char>(demand[i]);
    sign = sign == kNone || sign == own ? own : 0;
  }
  Rcpp::IntegerVector signs(levels);
  for (int level = 0; level < levels; ++level) {
    signs[level] = common[level] == kNone ? 0 : common[level];
  }
  return signs;
}
