// What every solver takes and gives.
#pragma once

#include <functional>
#include <limits>
#include <vector>

#include "../linalg/cholesky.h"
#include "../types.h"

namespace fastlogit {

// One row of the history: the state after the iteration, and the step that led to it.
struct Iteration {
  Index iteration;
  double loglik;     // penalised, relative to the saturated model
  double step;       // Euclidean norm of the step in the coefficients, in the user's units
  Index halvings;    // of the full step
  double decrement;  // half the squared Newton decrement: the gain that the step promised
};

struct Step {
  Vector gamma;  // in the coordinates of the moments
  double gain;   // half its squared decrement: what a quadratic model promises
};

// Newton-Raphson: observed information; Fisher scoring: expected; gradient: L-BFGS.
enum class Method { newton, fisher, gradient };

// What the user asks for.
struct Options {
  Method method = Method::newton;
  double epsilon = 1e-8;  // converged when the promised gain is below epsilon (|loglik| + 0.05)
  Index maxit = 25;
  std::function<void(const Iteration&)> trace = [](const Iteration&) {};
};

// What is known of the problem, and what the solution is wanted for.
struct Conditions {
  Domain domain;              // of the link
  bool has_maximum = false;   // however far: no coefficient grows without bound
  Vector unit;                // p: of the coefficients in the user's units; empty: all 1
  std::vector<bool> aliased;  // p: where that is known; empty: to be found out
  std::vector<bool> fixed;    // p q: coefficients that stay where they start; empty: none
  double resolution = 0.0;    // of the linear predictors, where the last digits are not wanted
  double least_loglik = -std::numeric_limits<double>::infinity();  // of a start that will do

  // Of a step, in the user's units.
  double length(const Vector& step) const;
};

struct Control {
  Options options;
  Conditions conditions;
};

enum class Status {
  converged,
  boundary,         // converged to where a mean is 0 or 1, the edge of the link's domain
  iteration_limit,  // maxit was reached
  stalled,          // no step along the direction improves the log-likelihood
  diverging,        // the log-likelihood converges, the coefficients grow without bound
  singular,         // the information has collapsed along some direction
  infeasible        // the log-likelihood of the start is not finite, or below the least
};

// At a maximum, inside or on the edge.
inline bool has_ended_well(Status status) {
  return status == Status::converged || status == Status::boundary;
}

struct Result {
  Vector beta;
  std::vector<bool> aliased;  // by column of the design; their beta is 0
  // Of the information at beta, over the coefficients that are not aliased (a sparse one: over all
  // of them); empty when it is not positive definite.
  InformationFactor expected_factor;
  InformationFactor observed_factor;
  double loglik = 0.0;   // without the penalty
  double penalty = 0.0;  // its value at beta; 0 where it has none
  Status status = Status::iteration_limit;
  bool hit_boundary = false;     // the last step ran into the edge of the link's domain
  bool orthogonalised = false;   // nearly dependent columns: solved in other coordinates
  bool ill_conditioned = false;  // nearly dependent columns: the factors have lost most digits
  bool certified = false;        // the score at the end proves that there is a maximum
  std::vector<Iteration> history;
};

}  // namespace fastlogit
