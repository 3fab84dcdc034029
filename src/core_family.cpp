// Likelihoods, compiled once.
#include "core/family/cuts.cpp"
#include "core/family/likelihood.cpp"
#include "core/family/logistic.cpp"
#include "core/family/registry.cpp"
