// Responses as R describes them.
#pragma once

#include "core/design/builder.h"
#include "core/family/family.h"
#include "r_design.h"

namespace fastlogit {

// Weights are divided by a power of two, so that sums of large counts stay in range.
struct ResponseInput {
  explicit ResponseInput(const ListView& list)
      : keep_alive(list),
        y(list["y"]),
        complement(list["complement"]),
        category(list["category"]),
        offset(list["offset"]),
        set(list["set"]),
        // Whether R knows of no other values, or nobody has looked.
        single(list.has("single") && Rf_asLogical(list["single"]) == 1) {
    if (!single && !Rf_isNull(y) && Rf_isNull(complement)) {
      const Eigen::Map<const Eigen::ArrayXd> values(REAL(y), Rf_xlength(y));
      single = (values == 0.0 || values == 1.0).all();
    }
    if (Rf_isNull(list["weights"])) return;
    const Eigen::Map<const Vector> given(REAL(list["weights"]), Rf_xlength(list["weights"]));
    // Of a part of the rows, the unit is that of all.
    const bool part = list.has("heaviest");
    unit = power_of_two_above(part ? Rcpp::as<double>(list["heaviest"]) : given.maxCoeff());
    weight = given / unit;
  }

  Response view() const {
    return {data_or_null(y),
            data_or_null(complement),
            weight.size() ? weight.data() : nullptr,
            Rf_isNull(category) ? nullptr : INTEGER(category),
            Rf_isMatrix(y) ? Rf_nrows(y) : 0,
            single,
            0.0,
            Rf_isNull(set) ? nullptr : INTEGER(set)};
  }

  Rcpp::RObject keep_alive;  // the values are read where they are
  SEXP y;
  SEXP complement;
  SEXP category;
  SEXP offset;
  SEXP set;  // the number of each row's matched set
  bool single = false;
  Vector weight;
  double unit = 1.0;
};

}  // namespace fastlogit
