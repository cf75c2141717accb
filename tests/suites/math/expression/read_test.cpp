#include "suites/math/expression/read.h"

#include "tests/catch.h"

using namespace assay::math;

TEST_CASE("answers are read as what they are") {
  CHECK(read_answer("(B)", {}).node.kind == Kind::choice);
  CHECK(read_answer("B. 12", {}).node.children.front().kind == Kind::number);
  CHECK(read_answer("July 4, 1776", {}).node.name == "1776-07-04");
  CHECK(read_answer("Evelyn", {}).node.kind == Kind::text);
  CHECK(read_answer("no solution", {}).node.name == "empty");
  CHECK(read_answer("Alice and Bob", {}).node.children.size() == 2);
  CHECK(read_answer("x+1", {}).node.kind == Kind::add);
  CHECK(read_answer("(a)(b)", {}).node.kind != Kind::choice);
}

TEST_CASE("texts that say the same are equal once normalised") {
  CHECK(normalize_text("\\text{The  Ellipse.}", false) == "ellipse");
  CHECK(normalize_text("椭圆", false) == "ellipse");
  CHECK(normalize_text("Yes", true) == "Yes");
}

TEST_CASE("mathematics that cannot be read becomes a text with a problem") {
  const auto answer = read_answer("3 + (", {});
  CHECK(answer.node.kind == Kind::text);
  CHECK_FALSE(answer.problem.empty());
}
