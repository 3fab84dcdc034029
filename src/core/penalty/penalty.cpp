#include "penalty.h"

namespace fastlogit {

bool CoordinateSystem::is_aliased(Index coefficient) const {
  return aliased[coefficient % static_cast<Index>(aliased.size())];
}

Vector CoordinateSystem::push_forward(Vector v) const {
  for (Index j = 0; basis.size() && j < v.size(); j += basis.rows()) {
    v.segment(j, basis.rows()) = (basis * v.segment(j, basis.rows())).eval();
  }
  return v;
}

Vector CoordinateSystem::pull_back(Vector v) const {
  for (Index j = 0; basis.size() && j < v.size(); j += basis.rows()) {
    v.segment(j, basis.rows()) = (basis.transpose() * v.segment(j, basis.rows())).eval();
  }
  return v;
}

Vector CoordinateSystem::coordinates_of(Vector v) const {
  if (basis.size() == 0) return v;
  Matrix invertible = basis;
  for (Index j = 0; j < basis.cols(); ++j) {
    if (aliased[j]) invertible(j, j) = 1.0;
  }
  for (Index j = 0; j < v.size(); j += basis.rows()) {
    auto block = v.segment(j, basis.rows());
    invertible.triangularView<Eigen::Upper>().solveInPlace(block);
  }
  return v;
}

double CoordinateSystem::log_volume() const {
  double sum = 0.0;
  for (Index j = 0; j < basis.cols(); ++j) {
    if (!aliased[j]) sum += std::log(std::fabs(basis(j, j)));
  }
  return sum;
}

}  // namespace fastlogit
