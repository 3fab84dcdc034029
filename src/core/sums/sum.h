// Contract: what is added up over rows. A sum knows its question (at which coefficients, in which
// directions), what a block of rows adds to the answer, how two answers become one, and how both
// travel to where the rows are and back. It does not know where that is.
//
// A new sum is a header like those beside this one and a line in registry.cpp: rows in memory, in
// files and with workers answer it at once. Its examples() are questions of its kind, by which the
// tests try whatever is registered.
#pragma once

#include <memory>
#include <vector>

#include "../types.h"
#include "packing.h"
#include "row_blocks.h"

namespace fastlogit {

// What examples may be about.
struct ExamplePoint {
  Index columns;      // p
  Vector beta;        // p q
  Matrix directions;  // p q x m
  Matrix inverse;     // p q x p q, of an information
};

class Sum {
 public:
  virtual ~Sum() = default;

  // In the registry. Questions of one name and order cost about the same.
  virtual const char* name() const = 0;
  virtual Order order() const { return Order::value; }

  // The question; the registry makes a sum of it, as pack_question() says, in another process.
  virtual void pack_question(Packer& out) const = 0;
  virtual std::unique_ptr<Sum> clone() const = 0;  // with its answer

  // Nothing has been added: of whole rows, or of blocks of some, whose sums may be in other
  // coordinates (their cells) until finish().
  virtual void zero() = 0;
  virtual void zero(const RowBlocks&) { zero(); }

  virtual void add(const RowBlocks& rows, Rows block) = 0;

  // other: of the same question, over other rows. The order in which sums are merged is fixed by
  // whoever merges them, so that the bits are, too.
  virtual void merge(Sum& other) = 0;

  virtual void finish(const RowBlocks&) {}

  // The answer.
  virtual void pack(Packer& out) const = 0;
  virtual void unpack(Unpacker& in) = 0;
};

// What all sums have in common, given their own type: it merges with its like.
template <class Own>
class SumOf : public Sum {
 public:
  const char* name() const override { return Own::kName; }
  std::unique_ptr<Sum> clone() const override {
    return std::make_unique<Own>(static_cast<const Own&>(*this));
  }
  void merge(Sum& other) override { static_cast<Own&>(*this).merge_own(static_cast<Own&>(other)); }
};

}  // namespace fastlogit
