// Links of the user's: R functions.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/family/user_link.h"
#include "r_lists.h"
#include "r_numbers.h"

namespace fastlogit {

// A function of linear predictors that returns a number for each of them.
inline std::function<Vector(const Vector&)> numbers_of(const Rcpp::Function& f, const char* name) {
  return [f, name](const Vector& eta) {
    const Rcpp::RObject found = f(to_r(eta));
    if (Rf_xlength(found) != eta.size()) {
      const std::string counts =
          std::to_string(Rf_xlength(found)) + " values for " + std::to_string(eta.size());
      Rcpp::stop("`%s` of the link returns %s linear predictors.", name, counts);
    }
    return vector_from(found);
  };
}

// list(linkinv = , mu.eta = , valideta = , lower = , upper = , inside = , by_row = ), as
// describe_link() in R makes it.
inline std::shared_ptr<const LinkFunctions> link_functions_from(const ListView& list) {
  auto link = std::make_shared<LinkFunctions>();
  link->mean = numbers_of(Rcpp::Function(list["linkinv"]), "linkinv");
  link->slope = numbers_of(Rcpp::Function(list["mu.eta"]), "mu.eta");
  const Rcpp::Function valid(list["valideta"]);
  link->valid = [valid](const Vector& eta) {
    const Rcpp::LogicalVector answer = valid(to_r(eta));
    return Rcpp::is_true(Rcpp::all(answer));
  };
  link->domain = {Rcpp::as<double>(list["lower"]), Rcpp::as<double>(list["upper"])};
  link->inside = Rcpp::as<double>(list["inside"]);
  link->by_row = Rcpp::as<bool>(list["by_row"]);
  return link;
}

}  // namespace fastlogit
