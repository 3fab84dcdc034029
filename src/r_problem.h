// Rows as R describes them, wherever they are, and R's interrupts.
#pragma once

#include <Rcpp.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/threads.h"
#include "core/fit/problem.h"
#include "r_link.h"
#include "r_lists.h"
#include "r_numbers.h"

namespace fastlogit {

inline int threads_from(SEXP threads) {
  return Rf_isNull(threads) ? default_threads() : Rcpp::as<int>(threads);
}

// Asks R at most every 50 ms whether the user has interrupted.
class UserInterrupt {
 public:
  bool operator()() {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return false;
    next_ = now + std::chrono::milliseconds(50);
    return R_ToplevelExec([](void*) { R_CheckUserInterrupt(); }, nullptr) == FALSE;
  }

 private:
  std::chrono::steady_clock::time_point next_ =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
};

// list(count = , columns = of the design, intercept = its number or 0, varying = numbers of
// columns, around = ), see Cuts.
inline std::shared_ptr<const Cuts> cuts_from(const ListView& list) {
  std::vector<Index> varying;
  for (const int column : Rcpp::as<std::vector<int>>(list["varying"])) {
    varying.push_back(column - 1);
  }
  return std::make_shared<const Cuts>(Rcpp::as<int>(list["count"]),
                                      Rcpp::as<int>(list["columns"]),
                                      Rcpp::as<int>(list["intercept"]) - 1,
                                      std::move(varying),
                                      Rcpp::as<bool>(list["around"]));
}

// rows: list(model = list(family = a link's name, "multinomial" or "user link", predictors = ,
// penalty = NULL or list(name = , amount = , penalised = a number for each column), link = of a
// user link, see r_link.h, cuts = of ordered classes, see cuts_from()), ...).
inline Model model_from(const ListView& rows) {
  const ListView list = rows["model"];
  Model model;
  model.likelihood.family = Rcpp::as<std::string>(list["family"]);
  model.likelihood.predictors = Rcpp::as<int>(list["predictors"]);
  if (model.likelihood.family == kUserLink) {
    model.likelihood.link = link_functions_from(list["link"]);
  }
  if (list.has("cuts")) model.likelihood.cuts = cuts_from(list["cuts"]);
  if (!list.has("penalty")) return model;
  const ListView described = list["penalty"];
  model.penalty = Rcpp::as<std::string>(described["name"]);
  model.penalty_amount = Rcpp::as<double>(described["amount"]);
  model.penalised = vector_from(described["penalised"]);
  return model;
}

// R's functions are called on its own thread only.
inline Execution execution_from(const ListView& rows) {
  const ListView model = rows["model"];
  const bool calls_r = Rcpp::as<std::string>(model["family"]) == kUserLink;
  return {calls_r ? 1 : threads_from(rows["threads"]), UserInterrupt()};
}

// rows: what the model and the kind of rows ask for, see memory_problem.h, cache_problem.h and
// callback_problem.h; and threads = .
std::unique_ptr<Problem> problem_from(const Rcpp::List& rows);

// The same for those of a cache.
std::unique_ptr<Problem> cached_problem_from(const Rcpp::List& rows);

// An action on rows, whose interrupt by the user is R's.
template <typename Action>
auto interruptibly(const Action& action) {
  try {
    return action();
  } catch (const Interrupted&) {
    throw Rcpp::internal::InterruptedException();
  }
}

}  // namespace fastlogit
