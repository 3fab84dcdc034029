// Some columns at a time: combined, and multiplied with one vector. What passes without the
// information do, as fast as memory allows.
//
// Products are rounded before they are added, and the sums of a column run in four lanes whatever
// the registers are: every variant gives the same bits, and so does any grouping of the columns.
#pragma once

#include "../types.h"

namespace fastlogit {

// The most columns at a time: memory is quicker when it is asked for several streams at once.
constexpr int kColumnsTogether = 8;

// out += b[0] x[0] + b[1] x[1] + ..., in this order, for columns of `rows` numbers. next: as many
// that will be read next.
using AddColumns = void (*)(
    const double* const* x, const double* const* next, const double* b, Index rows, double* out);

// out[k] = x[k]' v
using MultiplyColumns = void (*)(const double* const* x, const double* v, Index rows, double* out);

// For 1, 2, ... columns.
struct ColumnKernels {
  AddColumns add[kColumnsTogether];
  MultiplyColumns multiply[kColumnsTogether];
};

// Of this machine.
const ColumnKernels& column_kernels();

}  // namespace fastlogit
