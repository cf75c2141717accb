#include "suites/math/expression/points.h"

#include <set>

#include "suites/math/expression/parser.h"
#include "tests/catch.h"

using namespace assay::math;

namespace {

std::vector<Point> points_of(std::string_view formula) {
  const auto parsed = parse(formula, {});
  REQUIRE(parsed.node);
  const Points points(*parsed.node, *parsed.node, free_symbols(*parsed.node));
  std::vector<Point> all;
  for (int i = 0; i < points.count(); ++i) all.push_back(points.at(i));
  return all;
}

}  // namespace

TEST_CASE("formulas with absolute values are tried with every sign, in every order, and far out") {
  std::set<std::vector<bool>> signs;
  std::set<bool> orders;
  Rational largest = 0;
  for (const Point& point : points_of("|a + b| + |c|")) {
    const auto& v = point.bound;
    signs.insert({v.at("a") < 0, v.at("b") < 0, v.at("c") < 0});
    orders.insert(abs(v.at("a")) < abs(v.at("b")));
    largest = std::max<Rational>(largest, abs(v.at("a")));
  }
  CHECK(signs.size() >= 5);
  CHECK(orders.size() == 2);
  CHECK(largest > 160);
}

TEST_CASE("under a root alone parameters are lengths and variables have every sign") {
  bool negative_variable = false;
  for (const Point& point : points_of("\\sqrt{x^2 + h^2}")) {
    CHECK(point.bound.at("h") > 0);
    negative_variable = negative_variable || point.bound.at("x") < 0;
  }
  CHECK(negative_variable);
}

TEST_CASE("integers are even and odd, and no two letters go together") {
  std::set<std::pair<bool, bool>> parities;
  for (const Point& point : points_of("m! + n!")) {
    const auto is_odd = [&](const char* name) {
      const Rational& value = point.bound.at(name);
      CHECK(denominator(value) == 1);
      return numerator(value) % 2 == 1;
    };
    parities.insert({is_odd("m"), is_odd("n")});
  }
  CHECK(parities.size() == 4);
}
