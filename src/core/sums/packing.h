// Questions and answers as plain numbers, for the way to another process and back. Both sides know
// the sizes, so that a p x p sum that is symmetric costs p (p + 1) / 2 numbers and no more.
#pragma once

#include <cstddef>
#include <vector>

#include "../types.h"

namespace fastlogit {

class Packer {
 public:
  void add(double number) { numbers_.push_back(number); }
  void add(const ConstMatrixRef& all);           // column by column
  void add_lower(const ConstMatrixRef& square);  // the diagonal included
  void add_sized(const Matrix& all);             // of which the reader does not know the size

  const std::vector<double>& numbers() const { return numbers_; }

 private:
  std::vector<double> numbers_;
};

// Reads in the order in which it was packed.
class Unpacker {
 public:
  explicit Unpacker(const std::vector<double>& numbers) : numbers_(numbers) {}

  double number() { return *take(1); }
  Vector vector(Index size);
  Matrix matrix(Index rows, Index cols);
  Matrix lower(Index size);  // the other triangle is zero
  Matrix sized();

 private:
  // Throws where there are not so many.
  const double* take(Index count);

  const std::vector<double>& numbers_;
  std::size_t at_ = 0;
};

}  // namespace fastlogit
