#include "suites/math/expression/lexer.h"

#include "tests/catch.h"

using namespace assay::math;

namespace {

std::string texts(std::string_view input, Commas commas = Commas::thousands) {
  std::string joined;
  for (const Token& token : tokenize(input, commas).tokens) joined += token.text + "|";
  return joined;
}

}  // namespace

TEST_CASE("separators of thousands belong to a number where the groups fit") {
  CHECK(texts("1,234,567") == "1234567||");
  CHECK(texts("1 234") == "1234||");
  CHECK(texts("1{,}234") == "1234||");
  CHECK(texts("1.234.567") == "1234567||");
  CHECK(texts("12,34") == "12|,|34||");
  CHECK(texts("(100,200)") == "(|100|,|200|)||");
  CHECK(texts("1,234", Commas::list) == "1|,|234||");
  CHECK(texts("3,14", Commas::decimal) == "3.14||");
}

TEST_CASE("repeating decimals and powers of ten are part of a number") {
  const auto tokens = tokenize("0.1\\overline{6}", Commas::thousands).tokens;
  CHECK(tokens.front().text == "0.1");
  CHECK(tokens.front().repeat == "6");
  CHECK(texts("6.02e23") == "6.02|*|10|^|23||");
  CHECK(texts("2e-3") == "2|e|-|3||");
}

TEST_CASE("functions are found inside runs of letters") {
  CHECK(texts("xsinx") == "x|sin|x||");
  CHECK(texts("2pi") == "2|pi||");
  CHECK(texts("\\text{cm}") == "cm||");
}

TEST_CASE("a text of too many tokens says so") {
  CHECK_FALSE(tokenize(std::string(5000, '+'), Commas::thousands).fits);
}

TEST_CASE("digits of a base above ten, ordinals and endless decimals are numbers") {
  const auto first = [](std::string_view text) {
    return tokenize(text, Commas::thousands).tokens[0];
  };
  CHECK(first("2A_{16}").base == 16);
  CHECK(first("0xff").text == "ff");
  CHECK(first("A_{16}").base == 0);  // a member of a sequence
  CHECK(first("FG_{16}").base == 0);
  CHECK(tokenize("21st", Commas::thousands).tokens.size() == 2);
  CHECK(first("0.1666...").repeat == "6");
  CHECK(first("0.142857142857\\ldots").repeat == "142857");
  CHECK(first("3.14159...").repeat.empty());
}
