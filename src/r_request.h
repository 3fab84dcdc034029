// What partitions of the rows are asked, and what they answer, as R sees it: both sides of the
// border between processes. Every answer is a vector of numbers.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "core/family/likelihood.h"
#include "core/sums/sum.h"
#include "r_numbers.h"

namespace fastlogit {

// What there is to know of rows before any pass over them.
struct RowsSummary {
  double rows;
  double gradient_cost;
  bool dense;
  bool sampled;  // worth it?
  double unit;   // of the weights
  Vector scale;  // of the columns

  Vector packed() const {
    Vector numbers(5 + scale.size());
    numbers << rows, gradient_cost, dense ? 1.0 : 0.0, sampled ? 1.0 : 0.0, unit, scale;
    return numbers;
  }

  // From the sum over partitions. Units and scales are the same in all of them, and powers of two:
  // their means are exact.
  static RowsSummary from(const Vector& sum, double partitions) {
    const Vector mean = sum / partitions;
    return {sum[0], mean[1], mean[2] == 1.0, mean[3] == 1.0, mean[4], mean.tail(mean.size() - 5)};
  }
};

// What a question is about: whose likelihood, of which of the rows, in which coordinates.
struct RequestContext {
  Likelihood likelihood;
  Index thinning = 1;
  Matrix basis;  // empty: the columns' own

  static RequestContext from(const Rcpp::List& request) {
    RequestContext context;
    context.likelihood = {Rcpp::as<std::string>(request["family"]),
                          Rcpp::as<int>(request["predictors"]),
                          Rcpp::as<double>(request["barrier"]),
                          Rcpp::as<double>(request["damping"])};
    context.thinning = Rcpp::as<int>(request["thinning"]);
    context.basis = matrix_from(request["basis"]);
    return context;
  }

  // R tells questions that cost about the same by `what` and `order`.
  Rcpp::List request(const Sum& sum) const {
    Packer question;
    sum.pack_question(question);
    Rcpp::List list = request(sum.name());
    list.push_back(static_cast<int>(sum.order()), "order");
    list.push_back(question.numbers(), "question");
    return list;
  }

  Rcpp::List request(const std::string& what) const {
    return Rcpp::List::create(Rcpp::Named("what") = what,
                              Rcpp::Named("family") = likelihood.family,
                              Rcpp::Named("predictors") = static_cast<int>(likelihood.predictors),
                              Rcpp::Named("barrier") = likelihood.barrier,
                              Rcpp::Named("damping") = likelihood.damping,
                              Rcpp::Named("thinning") = static_cast<int>(thinning),
                              Rcpp::Named("basis") = to_r(basis));
  }
};

}  // namespace fastlogit
