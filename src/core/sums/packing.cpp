#include "packing.h"

namespace fastlogit {

void Packer::add(const ConstMatrixRef& all) {
  for (Index j = 0; j < all.cols(); ++j) {
    for (Index i = 0; i < all.rows(); ++i) numbers_.push_back(all(i, j));
  }
}

void Packer::add_lower(const ConstMatrixRef& square) {
  for (Index j = 0; j < square.cols(); ++j) {
    for (Index i = j; i < square.rows(); ++i) numbers_.push_back(square(i, j));
  }
}

void Packer::add_sized(const Matrix& all) {
  add(static_cast<double>(all.rows()));
  add(static_cast<double>(all.cols()));
  add(all);
}

Vector Unpacker::vector(Index size) {
  return matrix(size, 1);
}

Matrix Unpacker::matrix(Index rows, Index cols) {
  const double* const from = numbers_.data() + at_;
  at_ += static_cast<std::size_t>(rows * cols);
  return Eigen::Map<const Matrix>(from, rows, cols);
}

Matrix Unpacker::lower(Index size) {
  Matrix square = Matrix::Zero(size, size);
  for (Index j = 0; j < size; ++j) {
    for (Index i = j; i < size; ++i) square(i, j) = numbers_[at_++];
  }
  return square;
}

Matrix Unpacker::sized() {
  const Index rows = static_cast<Index>(number());
  const Index cols = static_cast<Index>(number());
  return matrix(rows, cols);
}

}  // namespace fastlogit
