#include "packing.h"

#include <algorithm>
#include <stdexcept>

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

const double* Unpacker::take(Index count) {
  const std::size_t begin = at_;
  at_ += static_cast<std::size_t>(count);
  if (at_ > numbers_.size()) throw std::out_of_range("an answer that is too short");
  return numbers_.data() + begin;
}

Vector Unpacker::vector(Index size) {
  return matrix(size, 1);
}

Matrix Unpacker::matrix(Index rows, Index cols) {
  return Eigen::Map<const Matrix>(take(rows * cols), rows, cols);
}

Matrix Unpacker::lower(Index size) {
  Matrix square = Matrix::Zero(size, size);
  for (Index j = 0; j < size; ++j) {
    const double* const column = take(size - j);
    std::copy(column, column + (size - j), square.col(j).data() + j);
  }
  return square;
}

Matrix Unpacker::sized() {
  const Index rows = static_cast<Index>(number());
  const Index cols = static_cast<Index>(number());
  return matrix(rows, cols);
}

}  // namespace fastlogit
