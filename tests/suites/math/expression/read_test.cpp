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

TEST_CASE("mathematics that cannot be read becomes a text with a problem") {
  const auto answer = read_answer("3 + (", {});
  CHECK(answer.node.kind == Kind::text);
  CHECK_FALSE(answer.problem.empty());
}

TEST_CASE("how often a text is read is bounded by its tokens") {
  // Each way of reading costs tokens; what cannot be read is tried in several ways.
  for (const std::string piece : {"9,", "1 ", "is 5 ", "(a) 1 ", "x=1 or ", "5 m/s ", "1. 2 "}) {
    for (const std::size_t length : {60U, 300U, 640U}) {
      std::string text;
      while (text.size() < length) text += piece;
      INFO(piece << " x " << length);
      CHECK(read_answer(text, {}).tokens <= 2 * tokens_max);
    }
  }
  CHECK(read_answer(std::string(length_max + 1, '1'), {}).problem == "too long");
}

TEST_CASE("labels of parts are counted, and numbers are no labels") {
  const auto parts = [](std::string_view text) { return read_answer(text, {}).node; };
  CHECK(parts("(a) 3 (b) 5").name == "parts");
  CHECK(parts("1. 3; 2. 5").name == "parts");
  CHECK(parts("1) 3, 2) 5").rows == 2);
  CHECK(parts("3, 5").name != "parts");
  CHECK(parts("1.5, 2.5").name != "parts");
  CHECK(parts("1 2 3").name != "parts");
}
