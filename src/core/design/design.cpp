#include "design.h"

#include "../linalg/gram.h"
#include "extended.h"

namespace fastlogit {

Index Design::block_rows() const {
  return fastlogit::block_rows(cols());
}

std::unique_ptr<Design> Design::with_column(const double* column) const {
  return std::make_unique<ExtendedDesign>(*this, column);
}

}  // namespace fastlogit
