#include "design.h"

#include "../linalg/gram.h"

namespace fastlogit {

Index Design::block_rows() const {
  return fastlogit::block_rows(cols());
}

}  // namespace fastlogit
