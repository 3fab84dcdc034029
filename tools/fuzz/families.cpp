// Links and families over random linear predictors, responses and weights: what they return is
// finite where the likelihood is, has the signs it must have, and derivatives fit together.
#include <string>
#include <vector>

#include "family/registry.h"
#include "input.h"

using namespace fastlogit;

namespace {

struct Evaluated {
  double loglik;
  Matrix residual;
  Matrix weight;
};

Evaluated evaluate(const Family& family,
                   const Matrix& eta,
                   const Response& response,
                   Curvature curvature) {
  const Index q = eta.cols();
  Evaluated out{0.0, Matrix::Zero(eta.rows(), q), Matrix::Zero(eta.rows(), q * (q + 1) / 2)};
  out.loglik =
      family.evaluate(eta, response, Order::information, curvature, out.residual, out.weight);
  return out;
}

double linear_predictor(Input& input) {
  switch (input.byte() % 4) {
    case 0:
      return input.any();
    case 1:
      return input.within(-800.0, 800.0);
    case 2:
      return input.within(-1e-3, 1e-3);
    default:
      return input.within(-8.0, 8.0);
  }
}

void check_two_classes(const char* name, const Family& family, Input& input) {
  Matrix eta(1, 1);
  eta(0, 0) = linear_predictor(input);
  const unsigned kind = input.byte() % 4;
  const double y = kind == 0 ? 0.0 : kind == 1 ? 1.0 : input.within(0.0, 1.0);
  const double weight = kind == 3 ? std::exp(input.within(-30.0, 30.0)) : 1.0;
  Response response;
  response.y = &y;
  response.weight = &weight;
  const Evaluated expected = evaluate(family, eta, response, Curvature::expected);
  const Evaluated observed = evaluate(family, eta, response, Curvature::observed);
  REQUIRE(!std::isnan(expected.loglik), "%s at %.17g, y %.17g", name, eta(0, 0), y);
  REQUIRE(expected.loglik <= 1e-12 * weight,
          "%s at %.17g, y %.17g: %.17g",
          name,
          eta(0, 0),
          y,
          expected.loglik);
  if (!std::isfinite(expected.loglik)) return;
  REQUIRE(!std::isnan(expected.residual(0, 0)), "%s at %.17g, y %.17g", name, eta(0, 0), y);
  REQUIRE(expected.weight(0, 0) >= 0.0, "%s at %.17g, y %.17g", name, eta(0, 0), y);
  REQUIRE(!std::isnan(observed.weight(0, 0)), "%s at %.17g, y %.17g", name, eta(0, 0), y);
  if (y == 0.0) REQUIRE(expected.residual(0, 0) <= 0.0, "%s at %.17g", name, eta(0, 0));
  if (y == 1.0) REQUIRE(expected.residual(0, 0) >= 0.0, "%s at %.17g", name, eta(0, 0));

  // The residual is the slope of the log-likelihood, the observed weight that of the residual.
  if (std::fabs(eta(0, 0)) > 8.0 || (family.bounded() && eta(0, 0) > -0.01)) return;
  const double h = 1e-5;
  Matrix above = eta, below = eta;
  above(0, 0) += h;
  below(0, 0) -= h;
  const Evaluated up = evaluate(family, above, response, Curvature::observed);
  const Evaluated down = evaluate(family, below, response, Curvature::observed);
  const auto close = [](double a, double b, double size) {
    return std::fabs(a - b) <= 1e-5 * (std::fabs(a) + std::fabs(b)) + 1e-9 * size;
  };
  const double size = weight * (1.0 + std::fabs(expected.loglik / weight));
  REQUIRE(close((up.loglik - down.loglik) / (2 * h), observed.residual(0, 0), size / h * 1e-6),
          "%s at %.17g, y %.17g: residual %.17g",
          name,
          eta(0, 0),
          y,
          observed.residual(0, 0));
  REQUIRE(close((down.residual(0, 0) - up.residual(0, 0)) / (2 * h),
                observed.weight(0, 0),
                std::fabs(observed.residual(0, 0)) / h * 1e-6 + size),
          "%s at %.17g, y %.17g: weight %.17g",
          name,
          eta(0, 0),
          y,
          observed.weight(0, 0));
}

void check_many_classes(Input& input) {
  const Index q = 1 + input.byte() % 4;
  const auto family = make_family("multinomial", q);
  Matrix eta(1, q);
  for (Index j = 0; j < q; ++j) eta(0, j) = linear_predictor(input);
  const int category = static_cast<int>(input.byte() % (q + 1));
  Response response;
  response.category = &category;
  const Evaluated of_category = evaluate(*family, eta, response, Curvature::expected);
  std::vector<double> y(q + 1, 0.0);
  y[category] = 1.0;
  Response as_proportions;
  as_proportions.y = y.data();
  as_proportions.stride = 1;
  const Evaluated of_proportions = evaluate(*family, eta, as_proportions, Curvature::expected);
  REQUIRE(!std::isnan(of_category.loglik), "multinomial, category %d", category);
  REQUIRE(of_category.loglik <= 1e-12, "multinomial: %.17g", of_category.loglik);
  REQUIRE(of_category.loglik == of_proportions.loglik ||
              std::fabs(of_category.loglik - of_proportions.loglik) <=
                  1e-12 * std::fabs(of_category.loglik),
          "multinomial: %.17g and %.17g",
          of_category.loglik,
          of_proportions.loglik);
  for (Index j = 0; j < q; ++j) {
    REQUIRE(std::fabs(of_category.residual(0, j)) <= 1.0 + 1e-12,
            "multinomial, predictor %d",
            static_cast<int>(j));
    const Index own = j * (j + 1) / 2 + j;
    REQUIRE(of_category.weight(0, own) >= 0.0 && of_category.weight(0, own) <= 0.25 + 1e-12,
            "multinomial, weight %d",
            static_cast<int>(own));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  static const std::vector<std::string> names = family_names();
  Input input(data, size);
  while (!input.empty()) {
    const std::string& name = names[input.byte() % names.size()];
    if (name == "multinomial") {
      check_many_classes(input);
    } else if (name != "conditional") {  // which needs sets of rows
      check_two_classes(name.c_str(), *make_family(name, 1), input);
    }
  }
  return 0;
}
