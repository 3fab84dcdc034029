// Products of matrices where sums cancel: in coordinates in which nearly dependent columns are
// orthonormal, an entry is a small difference of large products, of which plain sums keep no digit.
#pragma once

#include <cmath>

#include "../types.h"

namespace fastlogit {

// A sum of products as if it were in twice the working precision (Ogita, Rump & Oishi 2005,
// algorithm Dot2).
class PreciseSum {
 public:
  void add(double x, double y) {
    const double product = x * y;
    rest_ += std::fma(x, y, -product);
    const double sum = sum_ + product;
    const double part = sum - sum_;
    rest_ += (sum_ - (sum - part)) + (product - part);
    sum_ = sum;
  }

  double value() const { return sum_ + rest_; }

 private:
  double sum_ = 0.0;
  double rest_ = 0.0;
};

// x t, each entry good to rounding of its own size.
template <class Left, class Right>
Matrix precise_product(const Left& x, const Right& t) {
  Matrix out(x.rows(), t.cols());
  for (Index k = 0; k < t.cols(); ++k) {
    for (Index i = 0; i < x.rows(); ++i) {
      PreciseSum sum;
      for (Index j = 0; j < x.cols(); ++j) {
        if (t(j, k) != 0.0) sum.add(x(i, j), t(j, k));
      }
      out(i, k) = sum.value();
    }
  }
  return out;
}

}  // namespace fastlogit
