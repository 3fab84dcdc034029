// The numbers that the solver is tuned by, each with its reason. Those of one kind stand together;
// unless a unit is given they are relative.
#pragma once

#include <cmath>
#include <cstddef>

#include "../types.h"

namespace fastlogit {

// --- rounding ------------------------------------------------------------------------------------

constexpr double kFloor = 1e-15;  // what doubles can show of a gain or a step
constexpr double kTiny = 1e-300;  // in place of a sum of weights that has underflowed
// A log-likelihood near 0, half of the 0.1 that glm() adds to a deviance.
constexpr double kNearNoLoglik = 0.05;
// By how much a log-likelihood may seem to fall although it rises: it sums n terms of one sign,
// each good to its size. Near the maximum, columns that are nearly dependent take more digits.
constexpr double kRounding = 1e-13;
constexpr double kRoundingNearby = 1e-10;

inline double size_of(double loglik) {
  return std::fabs(loglik) + kNearNoLoglik;
}

// --- termination ---------------------------------------------------------------------------------

constexpr double kBelowEpsilon =
    1e-5;  // of epsilon: the step that ends a fit, as its gain is its square
constexpr double kSmallStep = 1e-8;   // of a linear predictor: from here rounding may be all
constexpr double kSmallGain = 1e-6;   // of the log-likelihood: it has converged, whatever steps do
constexpr Index kLastIterations = 4;  // of those there may be: what converges ends with digits
constexpr double kPace = 0.85;        // steps that shrink by less do not shrink
constexpr double kCaution = 10.0;     // where the next step is foretold: linear contraction varies
constexpr double kFarAway = 0.01;     // of the coefficients' norm: steps that run away are not less
constexpr double kOnAndOn = 0.1;      // the same at the limit of the iterations, with less to go by
constexpr double kScoreVanished =
    1e-6;                            // of the log-likelihood; entries of the design are at most 1
constexpr Index kLateHalvings = 5;   // so near the maximum, more of them find rounding
constexpr int kMostRefinements = 2;  // of rank and coordinates: the first is nearly always the last
constexpr Index kMostCuts = 5;       // in a row at the edge of a domain: the barrier takes over
constexpr double kAtEdge = 1e-12;    // of a linear predictor: a mean of 1 but for rounding

// --- line search ---------------------------------------------------------------------------------

constexpr double kArmijo = 1e-4;       // of the promised slope (Armijo 1966; Nocedal & Wright)
constexpr Index kMostHalvings = 40;    // a step of 1e-12 of its length is none
constexpr Index kShrunkHalvings = 10;  // an adjusted score is then near a minimum that is none

// --- directions ----------------------------------------------------------------------------------

// Steps that shrink by less want another information. Where there is no maximum, the score falls
// by a factor of e a step.
constexpr double kServes = 0.3;
constexpr double kDraftShrinks = 0.5;        // the same with a draft, whose steps vary
constexpr double kTypicalContraction = 0.1;  // by steps with an old information, until one is seen
constexpr std::size_t kSecantMemory = 20;    // L-BFGS: more pairs gain little
constexpr std::size_t kScoringMemory = 10;   // each costs a product with the information a step
constexpr double kDraftServes =
    1e-6;                        // squared length left of a column: of less, a sample is no guide
constexpr double kSurely = 0.1;  // of the last step, where another score costs little
constexpr double kFewestProducts = 30.0;      // of the information with a vector, for all of a fit
constexpr double kLoosest = 0.1;              // of a score, what a step by them may leave
constexpr double kPositiveCurvature = 1e-14;  // of a secant pair: less is rounding

// --- rank and coordinates ------------------------------------------------------------------------

// Squared norm of what is left of a column after projection on those before it, relative to the
// column: a rank that is clear, a basis that keeps half of the digits at least, and one that has
// lost all but a few.
constexpr double kRankIsClear = 1e-8;
constexpr double kBasisServes = 1e-3;
constexpr double kDigitsLost = 1e-10;
constexpr double kAliased = 1e-11;  // glm()'s: of a column's norm
// Does the score prove a maximum? Rounding must not make the step, which must be small.
constexpr double kCertificatePivot = 1e-9;
constexpr double kCertificateStep = 1e-3;   // of a linear predictor, see Coordinates::certify()
constexpr double kCorrectionShrinks = 0.5;  // by less, the factor is not that of these rows
constexpr double kCorrectionIsRounding = 1e-12;  // of a linear predictor
constexpr double kRegularisation = 1e-12;  // of the largest diagonal element, well above rounding
constexpr double kSuspicious = 1e-8;       // of a squared length, in a Cholesky factor
constexpr std::size_t kProjectedTogether = 32;  // columns a pass: memory against passes
constexpr int kCorrections = 3;                 // each halves the digits that are missing
constexpr double kNoPart = 1e-7;  // of the largest part a column takes in a null vector

// --- a start near the maximum --------------------------------------------------------------------

constexpr int kNearbyPasses = 8;       // from the score statistic's step two or three do
constexpr double kNearbyClose = 1e-6;  // of a standard error: the last step leaves its square

// --- starts --------------------------------------------------------------------------------------

constexpr double kStartVanished = 1e-8;     // of a sound point's information: no way on from there
constexpr Index kThinning = 32;             // a pass over the sample costs next to nothing
constexpr Index kRowsPerCoefficient = 100;  // of the sample: fewer are no nearer than a step leads
constexpr Index kFewestRows = 50000;        // with fewer a pass is too short to be saved
constexpr Index kSampleIterations = 10;     // what takes longer is no sample of an easy fit
constexpr double kSampleDigits = 0.1;       // of a standard error, squared: more are not the rows'
constexpr double kSampleVanished = 0.01;    // of the information: the sample is separated
constexpr double kFarWorse = 1.1;    // than the default start: the sample is not like the rows
constexpr double kSampleGain = 5.0;  // of log-likelihood a coefficient; chance gains half of one
constexpr int kMostPushes = 100;     // Newton steps at one damping
constexpr int kMostDoublings = 30;   // of the damping: from 1e-9 to 1
constexpr double kStrongestDamping = 0x1p-80;  // nothing is left of any offset
constexpr double kAboutAsLikely = 2.0;         // as without offsets
constexpr double kStageDigits = 1e-3;          // of a linear predictor, before the next stage
constexpr double kStrongestBarrier = 0.1;
constexpr double kWeakestBarrier = 1e-10;  // the log-likelihood is that close, a row at the edge
constexpr double kWeakBarrier = 1e-8;      // close enough for the boundary to be believed

// --- fits with coefficients held, and profiles ---------------------------------------------------

constexpr double kSameHeight = 1e-9;   // of two maxima
constexpr double kStationary = 1e-7;   // gain of a Newton step, of the log-likelihood
constexpr double kFallLost = 1e-10;    // of the log-likelihood: a fall that is rounding
constexpr double kLargestGain = 1e8;   // of more, the rest of a step loses all digits
constexpr double kTraceShrinks = 0.3;  // a fixed matrix takes the distance down by that a pass
constexpr int kTracePasses = 12;       // 0.3^12 is 5e-7: what takes longer is lost
constexpr double kTraceClose = 1e-9;   // in standard errors of the other coefficients
constexpr double kGainClose = 1e-11;   // of log-likelihood, with the gain of the last step in it
constexpr int kRenewals = 3;         // of the information: without a maximum, each step asks for it
constexpr std::size_t kFewHeld = 4;  // a quarter: more are cheaper by a factor of what is left
constexpr Index kNumbersTogether = 1 << 25;  // 256 MB in the factors of submodels
constexpr double kEndClose = 6e-8;  // in standard errors; the estimate is high by two or three
constexpr double kTrusted = 0.01;   // change of the information that the first order describes
constexpr double kEndHolds = 1e-5;  // of the quantile, by a fit of its own
constexpr double kSameRoot = 1e-6;  // of the quantile: no other maximum is higher
// Much for a linear predictor, as entries of the design are at most 1: where an estimate has run
// away, the standard error is no guide, and steps that are too large lead to where all weights
// vanish.
constexpr double kMuch = 4.0;
constexpr int kLimitSteps = 60;        // doublings of that: beyond all doubles
constexpr double kLimitWithin = 0.5;   // of the quantile: near enough to the bound
constexpr int kRootSteps = 200;        // bisection alone needs 60
constexpr double kRootClose = 1e-8;    // of the function's size at 0
constexpr double kRootNarrow = 1e-12;  // of a bracket
constexpr double kRootFlat = 1e-6;     // rise of the function at twice the distance
constexpr double kRootPolish = 1e-3;   // the longest last secant, of the distance

}  // namespace fastlogit
