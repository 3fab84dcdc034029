// The ways to a maximum, and what is found around it, compiled once.
#include "core/fit/held_problem.cpp"
#include "core/fit/problem.cpp"
#include "core/fit/profiles.cpp"
#include "core/fit/refits.cpp"
#include "core/fit/reweighted_problem.cpp"
#include "core/fit/submodels.cpp"
#include "core/fit/wald.cpp"
#include "core/fit/ways.cpp"
