#include "suites/math/expression/node.h"

#include "suites/math/expression/parser.h"
#include "tests/catch.h"

using namespace assay::math;

TEST_CASE("a tree is written as one canonical line") {
  CHECK(render(make_number(Rational(-3, 4))) == "-3/4");
  CHECK(render(make_call("sin", {make_symbol("x")})) == "sin(x)");
  CHECK(render(make_node(Kind::add, {make_symbol("x"), make_number(1)})) == "(x + 1)");
}

TEST_CASE("the index of a sum is no free variable") {
  const auto parsed = parse("\\sum_{k=1}^{n} k a", {});
  REQUIRE(parsed.node);
  CHECK(free_symbols(*parsed.node) == std::set<std::string>{"a", "n"});
}

TEST_CASE("every kind has a name for people") {
  CHECK(name_of(Kind::number) == "number");
  CHECK(name_of(Kind::date) == "date");
  CHECK(name_of(Kind::interval) == "interval");
}
