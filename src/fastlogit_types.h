// What RcppExports.cpp includes first. Rcpp would have it include RcppEigen.h, since the package is
// linked to it; but no function that is exported has Eigen's types, which take seconds to read.
#define RcppEigen__RcppEigen__h
