// Contract: which rows are computed where, and that sums over them add.
#pragma once

#include <utility>

#include "../linalg/parallel.h"
#include "../sums/moments.h"
#include "../types.h"

namespace fastlogit {

// What a pass up to Order::gradient costs of one up to Order::information, over many rows of p
// columns and q predictors. As measured, in units of a column of a row.
double gradient_share(Index columns, Index predictors);

// The same of an information on a pattern. numbers: in a row that are not zero; work: of a factor,
// shared by the rows.
double sparse_gradient_share(double numbers, double work);

// An information that serves for steps: of one block of rows in `thinning`, and with products that
// are as good as is cheap (see Design::add_draft()).
struct Draft {
  Index thinning = 0;        // there is none
  double contraction = 0.0;  // of the steps with it, at best

  bool exists() const { return thinning > 0; }
};

// Of many rows with dense information.
struct DraftSizes {
  Index rows;
  Index block_rows;
  Index size;            // of the information
  double gradient_cost;  // as gradient_share()
  double products_cost;  // of a draft of all rows, in those of an information
};

// None where it does not pay.
Draft cheapest_draft(const DraftSizes& sizes);

class Evaluator {
 public:
  virtual ~Evaluator() = default;

  // The number of coefficients, p q.
  virtual Index size() const = 0;

  // True where the expected and the observed information are the same.
  virtual bool canonical() const = 0;

  // Adds up what is asked for, over all rows: with derivatives in gamma where beta = T gamma; T is
  // the identity until set_basis().
  virtual void reduce(Sum& sum) = 0;

  // The same for a sum that is made for the purpose: what it comes to.
  template <class Question>
  auto total(Question sum) {
    reduce(sum);
    return std::move(sum.value());
  }

  // What a pass up to Order::gradient costs, in passes up to Order::information.
  virtual double gradient_cost() const = 0;

  // What a pass up to Order::draft is, if any is worth while.
  virtual Draft draft() const { return {}; }

  // What a product of the information with a vector costs of the information and its factor; 1
  // where it is not to be had for less.
  virtual double product_cost() const { return 1.0; }

  // T, p x p: in coordinates in which the columns of X T are nearly orthogonal, T' X' W X T keeps
  // the digits that X' W X loses. An empty matrix is the identity.
  virtual void set_basis(const Matrix& basis) = 0;

  // False where dense copies of the rows cannot be paid for: then there is no basis, and
  // no TriangleSum is to be asked for.
  virtual bool has_dense_rows() const { return true; }

  // Independent pieces of work, on whatever the engine has for them.
  virtual void run(Index tasks, const Work& work) { in_sequence(tasks, work); }

  // How many threads are used.
  virtual int threads() const { return 1; }
};

}  // namespace fastlogit
